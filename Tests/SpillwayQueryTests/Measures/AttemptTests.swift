import SpillwayEngine
import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayQuery

/// Attempts by what became of them, against one attempt after the other.
struct AttemptTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.path("store") }
    private let attempts: [Registration]

    init() {
        let first = registrationsAroundMidnight(400, seed: 41)
        var random = SplitMix64(seed: 42)
        attempts = (0..<1_500).map { _ in
            var attempt = first.randomElement(using: &random) ?? first[0]
            attempt.registeredAt.rawValue += Int64.random(in: 0..<600_000_000, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0: attempt.latencyUs = -1
            case 1: attempt.country = .unknown
            case 2: attempt.registeredAt = Timestamp(rawValue: .min)
            default: break
            }
            return attempt
        }
    }

    /// One by one, as the engine answers them.
    private func outcomes() -> [(Registration, Outcome)] {
        var known: Set<Identity> = []
        return attempts.map { attempt in
            if attempt.country == .unknown { return (attempt, .refused(Refusal(.unknownCountry))) }
            if attempt.registeredAt.rawValue == .min { return (attempt, .refused(Refusal(.timestampOutOfRange))) }
            if attempt.latencyUs < 0 { return (attempt, .refused(Refusal(.latencyOutOfRange))) }
            return (attempt, known.insert(attempt.identity).inserted ? .accepted : .duplicate)
        }
    }

    /// - Parameter bucketUs: 0 for none.
    private func expected(
        byRegion: Bool, bucketUs: Int64, from: Int64 = .min, to: Int64 = .max, only regions: Set<String>? = nil
    ) -> [[String]: OutcomeCounts] {
        var groups: [[String]: OutcomeCounts] = [:]
        for (attempt, outcome) in outcomes() {
            let region = attempt.country.region?.rawValue ?? ""
            let time = attempt.registeredAt.rawValue
            let hasTime = time != .min
            guard regions?.contains(region) ?? true, hasTime || (bucketUs == 0 && from == .min && to == .max),
                !hasTime || (from..<to).contains(time)
            else { continue }
            let bucket = bucketUs == 0 ? "" : "\(time / bucketUs * bucketUs)"
            var counts = groups[[byRegion ? region : "", bucket]] ?? OutcomeCounts()
            switch outcome {
            case .accepted: counts.accepted += 1
            case .duplicate: counts.duplicates += 1
            case .refused(let refusal): counts.refused[refusal.reason, default: 0] += 1
            }
            groups[[byRegion ? region : "", bucket]] = counts
        }
        return groups
    }

    private func found(_ query: Query, _ snapshot: Snapshot) throws -> [[String]: OutcomeCounts] {
        let rows = try snapshot.run(query).rows
        let pairs = try rows.map { row in
            let attempts = try #require(row.attempts)
            #expect(attempts.accepted == row.registrations)
            return ([row[.region] ?? "", row.registeredAt.map { "\($0.rawValue)" } ?? ""], attempts)
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private var query: Query {
        var query = Query()
        query.measures = [.attempts]
        return query
    }

    private func check(_ snapshot: Snapshot) throws {
        var query = self.query
        #expect(try found(query, snapshot) == expected(byRegion: false, bucketUs: 0))
        query.groupBy = [.region]
        #expect(try found(query, snapshot) == expected(byRegion: true, bucketUs: 0))
        query.every = .minutes(1)
        #expect(try found(query, snapshot) == expected(byRegion: true, bucketUs: 60_000_000))
        query.every = .hours(1)
        query.filters = [.region: ["europe"]]
        #expect(
            try found(query, snapshot) == expected(byRegion: true, bucketUs: 3_600_000_000, only: ["Europe"]))
        query.filters = [:]
        let start = try #require(Timestamp(year: 2021, month: 10, day: 4)).rawValue + 23 * 3_600_000_000
        query.since = Timestamp(rawValue: start + 600_000_000)
        query.until = Timestamp(rawValue: start + 3_660_000_000)
        #expect(
            try found(query, snapshot)
                == expected(
                    byRegion: true, bucketUs: 3_600_000_000, from: start + 600_000_000, to: start + 3_660_000_000))
    }

    @Test func theyAgreeWithTheModelWhereverTheyAre() throws {
        var configuration = smallConfiguration()
        configuration.largeEpochRows = 100
        configuration.segmentBytes = 2 << 10
        let engine = try Engine.open(at: path, configuration: configuration)
        try engine.ingest(attempts, batchSize: 170)
        try check(Snapshot(engine.view()))
        try check(Snapshot(ofStoreAt: path))
        try engine.close()
        try check(Snapshot(ofStoreAt: path))
        try check(Snapshot(ofStoreAt: path, threads: 1, memoryLimitBytes: 4 << 20))
    }

    /// With registrations of Brazil's days, duplicates are counted in those too.
    @Test func daysAreThoseOfATimeZone() throws {
        let engine = try Engine.open(at: path, configuration: smallConfiguration())
        try engine.ingest(attempts, batchSize: 500)
        try engine.close()
        var query = self.query
        query.every = .days(1)
        query.timeZone = "America/Sao_Paulo"
        let rows = try Snapshot(ofStoreAt: path).run(query).rows
        let hour: Int64 = 3_600_000_000
        let days = Dictionary(grouping: outcomes().filter { $0.0.registeredAt.rawValue != .min }) { attempt, _ in
            (attempt.registeredAt.rawValue - 3 * hour) / (24 * hour) * 24 * hour + 3 * hour
        }
        #expect(rows.map { $0.registeredAt?.rawValue } == days.keys.sorted())
        #expect(rows.map { $0.attempts?.attempts } == days.sorted { $0.key < $1.key }.map(\.value.count))
    }

    /// A group of attempts only is a group.
    @Test func whereNothingWasAcceptedThereAreAttempts() throws {
        let engine = try Engine.open(at: path, configuration: smallConfiguration())
        var attempt = attempts[0]
        attempt.latencyUs = -1
        try engine.ingest([attempt, attempt], batchSize: 2)
        try engine.close()
        var query = self.query
        query.groupBy = [.region]
        query.measures.formUnion([.share, .runningTotal, .firstAndLast, .peakMinute])
        query.percentiles = [50]
        let row = try #require(try Snapshot(ofStoreAt: path).run(query).rows.first)
        #expect(row.registrations == 0 && row.attempts?.refused == [.latencyOutOfRange: 2])
        #expect(row.first == nil && row.peakMinute == nil && row.latencyUs.isEmpty)
    }

    @Test func whatIsNotTalliedIsRefused() throws {
        let questions: [(inout Query) -> Void] = [
            { $0.groupBy = [.country] }, { $0.groupBy = [.region, .platform] }, { $0.filters = [.source: ["x"]] },
            { $0.every = .seconds(30) }, { $0.since = Timestamp(rawValue: 1) }, { $0.until = Timestamp(rawValue: 7) },
            { $0.latencyUs = 0...5 },
        ]
        for ask in questions {
            var query = self.query
            ask(&query)
            #expect(throws: QueryError.attemptsNotTallied) { try query.run(onStoreAt: "nowhere") }
        }
    }
}
