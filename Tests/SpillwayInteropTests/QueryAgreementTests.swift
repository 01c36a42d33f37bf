import Foundation
import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayQuery
import SpillwayTestSupport
import Testing

/// Random questions, which DuckDB is asked too: see Tests/Interop/check_queries.py.
@Suite struct QueryAgreementTests {
    /// `make agree` asks thousands.
    private static let questionCount =
        ProcessInfo.processInfo.environment["SPILLWAY_QUESTIONS"].flatMap { Int($0) } ?? 150

    @Test func duckDBGivesTheSameAnswers() throws {
        let directory = TemporaryDirectory()
        let store = directory.path("store")
        var random = SplitMix64(seed: 41)
        try fill(store, &random)
        let snapshot = try Snapshot(ofStoreAt: store, threads: 2)
        var lines: [String] = []
        for _ in 0..<Self.questionCount {
            let question = RandomQuestion(&random)
            let answer = try snapshot.run(question.query)
            let object = question.json(rows: answer.rows)
            lines.append(String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self))
        }
        let questions = try directory.file("questions.ndjson", lines.joined(separator: "\n").utf8)
        let (status, output) = try Python.run([Python.script("check_queries.py"), store, questions])
        #expect(status == 0, "\(output)")
    }

    /// Several segments of several row groups; times that pile up on the edges of minutes, hours and days; latencies
    /// of every size; identities that are negative where they are taken for signed.
    private func fill(_ store: String, _ random: inout SplitMix64) throws {
        var configuration = EngineConfiguration()
        configuration.rowGroupRows = 1000
        configuration.pageRows = 30
        configuration.largeEpochRows = 500
        let rows = (0..<6000).map { RandomQuestion.registration(number: $0, &random) }
        for part in 0..<3 {
            let engine = try Engine.open(at: store, configuration: configuration)
            for start in stride(from: part * 2000, to: (part + 1) * 2000, by: 500) {
                _ = try engine.submit(RegistrationBatch(rows[start..<start + 500])).wait()
            }
            try engine.close()
        }
    }
}

/// A question drawn at random, of a store of registrations drawn so.
private struct RandomQuestion {
    private static let countries = ["BR", "DE", "IN", "MX", "US", "NG", "AU", "EG"]
    private static let platforms: [Label] = ["ios", "android", "web"]
    private static let sources: [Label] = ["organic", "invite", "campaign-ü", "o'brien"]
    private static let startUs: Int64 = 1_633_305_600_000_000
    private static let days: Int64 = 3
    private static let intervalsUs: [Int64] = [1, 7, 30, 60, 300, 420, 3600, 21_600, 86_400].map { $0 * 1_000_000 }

    static func registration(number: Int, _ random: inout SplitMix64) -> Registration {
        Registration(
            registeredAt: time(&random), identity: Identity(rawValue: random.next() << 20 | UInt64(number)),
            country: Country(countries.randomElement(using: &random) ?? "")!,
            platform: platforms.randomElement(using: &random) ?? "web",
            source: sources.randomElement(using: &random) ?? "organic",
            latencyUs: latencyUs(&random))
    }

    /// Of any size.
    private static func latencyUs(_ random: inout SplitMix64) -> Int { Int(random.next() >> (33 + random.next() % 31)) }

    /// Often a whole minute, hour or day, or a microsecond before.
    private static func time(_ random: inout SplitMix64) -> Timestamp {
        let offset = Int64.random(in: 0..<days * 86_400_000_000, using: &random)
        let edges: [Int64] = [1, 60_000_000, 3_600_000_000, 86_400_000_000]
        let edge = edges.randomElement(using: &random) ?? 1
        let before = Int64.random(in: 0...1, using: &random)
        return Timestamp(rawValue: startUs + offset / edge * edge - before)
    }

    private(set) var query = Query()
    private var everyUs: Int64?

    init(_ random: inout SplitMix64) {
        query.groupBy = QueryColumn.allCases.shuffled(using: &random)
            .filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
        if Bool.random(using: &random), let everyUs = Self.intervalsUs.randomElement(using: &random) {
            self.everyUs = everyUs
            query.every = .seconds(Int(everyUs / 1_000_000))
        }
        if Bool.random(using: &random) { query.since = Self.time(&random) }
        if Bool.random(using: &random) {
            let until = Self.time(&random)
            if query.since ?? Timestamp(rawValue: .min) < until { query.until = until }
        }
        for column in QueryColumn.allCases where Int.random(in: 0..<4, using: &random) == 0 {
            query.filters[column] = Set(Self.values(of: column).filter { _ in Bool.random(using: &random) })
            if query.filters[column] == [] { query.filters[column] = nil }
        }
        if Int.random(in: 0..<6, using: &random) == 0 {
            let bounds = (0..<2).map { _ in Self.latencyUs(&random) }.sorted()
            query.latencyUs = bounds[0]...bounds[1]
        }
        if Int.random(in: 0..<6, using: &random) == 0 {
            let bounds = (0..<2).map { _ in Identity(rawValue: random.next()) }.sorted()
            query.identities = bounds[0]...bounds[1]
        }
        for measure in [QueryMeasure.firstAndLast, .peakSecond, .runningTotal] {
            if Int.random(in: 0..<8, using: &random) == 0 { query.measures.insert(measure) }
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            query.percentiles = [0.1, 25, 50, 90, 99, 99.9, 100].filter { _ in Bool.random(using: &random) }
        }
    }

    private static func values(of column: QueryColumn) -> [String] {
        switch column {
        case .region: Region.allCases.map(\.rawValue)
        // And one that nobody is from.
        case .country: countries + ["ZW"]
        case .platform: platforms.map(\.name) + ["desktop"]
        case .source: sources.map(\.name)
        }
    }

    /// As Tests/Interop/check_queries.py reads it.
    func json(rows: [QueryRow]) -> [String: Any] {
        var object: [String: Any] = [
            "by": query.groupBy.map(\.rawValue), "percentiles": query.percentiles,
            "where": Dictionary(uniqueKeysWithValues: query.filters.map { ($0.rawValue, $1.sorted()) }),
            "measures": query.measures.map(\.rawValue).sorted(), "rows": rows.map(Self.json),
        ]
        object["everyUs"] = everyUs
        object["sinceUs"] = query.since?.rawValue
        object["untilUs"] = query.until?.rawValue
        object["latencyUs"] = query.latencyUs.map { [$0.lowerBound, $0.upperBound] }
        object["identities"] = query.identities.map { [$0.lowerBound.rawValue, $0.upperBound.rawValue] }
        return object
    }

    /// Values, time, count, percentiles, and the measures by name; what a row does not have is left out.
    private static func json(_ row: QueryRow) -> [Any] {
        var cells: [Any] = row.values
        if let time = row.registeredAt { cells.append(time.rawValue) }
        cells.append(row.registrations)
        cells += row.latencyUs as [Any]
        if let first = row.first, let last = row.last { cells += [first.rawValue, last.rawValue] as [Any] }
        if let peak = row.peakSecond { cells += [peak.time.rawValue, peak.registrations] as [Any] }
        if let total = row.runningTotal { cells.append(total) }
        return cells
    }
}
