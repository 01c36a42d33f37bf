import Spillway
import SpillwayStore

/// A question that `query` asks of Spillway and of its peers.
struct Question {
    var name: String
    /// What it has to be answered within, on two threads, of 20 million registrations.
    var reachMs: Double?
    /// Of a snapshot that is held.
    var ask: (Snapshot) throws -> Answer
    /// In the form that Benchmarks/peers/questions reads; nil for what no peer is asked.
    var peers: [String: Any]?

    struct Answer {
        /// Rows of the result, and registrations that it counts.
        var rows: Int
        var registrations: Int
    }

    init(
        _ name: String, reachMs: Double? = nil, peers: [String: Any]? = nil,
        ask: @escaping (Snapshot) throws -> Answer
    ) {
        self.name = name
        self.reachMs = reachMs
        self.peers = peers
        self.ask = ask
    }

    init(_ name: String, reachMs: Double? = nil, _ query: Query, peers: [String: Any]? = nil) {
        self.init(name, reachMs: reachMs, peers: peers) { snapshot in
            let result = try snapshot.run(query)
            return Answer(rows: result.rows.count, registrations: result.registrations)
        }
    }

    /// What a store is asked, with an hour and identities of its own.
    struct Subject {
        var busiestHour: Range<Timestamp>
        var known: [Identity]
        var absent: [Identity]
        /// About a tenth of all.
        var identities: ClosedRange<Identity>
    }

    static func all(of subject: Subject) -> [Question] {
        counts(busiestHour: subject.busiestHour) + scans(identities: subject.identities)
            + [
                lookup("look up 1 registration", Array(subject.known.prefix(1)), found: 1),
                lookup(
                    "look up \(subject.known.count) registrations", reachMs: 20, subject.known,
                    found: subject.known.count),
                lookup("look up \(subject.absent.count) identities that are not there", subject.absent, found: 0),
            ]
    }

    private static func counts(busiestHour: Range<Timestamp>) -> [Question] {
        var byRegion = Query()
        byRegion.groupBy = [.region]
        var byMinute = byRegion
        byMinute.every = .minutes(1)
        var inAnHour = Query()
        inAnHour.groupBy = [.region, .country, .platform]
        inAnHour.since = busiestHour.lowerBound
        inAnHour.until = busiestHour.upperBound
        let hour: [String: Any] = [
            "ask": "inAnHour", "sinceUs": busiestHour.lowerBound.rawValue, "untilUs": busiestHour.upperBound.rawValue,
        ]
        return [
            Question("count by region", reachMs: 1, byRegion, peers: ["ask": "byRegion"]),
            Question("count by region and minute", reachMs: 2, byMinute, peers: ["ask": "byRegionAndMinute"]),
            Question("count by region, country and platform in the busiest hour", reachMs: 5, inAnHour, peers: hour),
        ]
    }

    private static func scans(identities: ClosedRange<Identity>) -> [Question] {
        var percentiles = Query()
        percentiles.groupBy = [.region]
        percentiles.percentiles = [50, 99, 99.9]
        var slow = Query()
        slow.latencyUs = slowUs + 1...Int(Int32.max)
        var inRange = Query()
        inRange.identities = identities
        let bounds = [identities.lowerBound, identities.upperBound].map { Int64(bitPattern: $0.rawValue) }
        return [
            Question(
                "p50, p99, p99.9 of latency by region", reachMs: 40, percentiles, peers: ["ask": "percentiles"]),
            // Accepted registrations are distinct identities.
            Question("count distinct identities", reachMs: 1, Query(), peers: ["ask": "distinct"]),
            Question("count latencies over 100 ms", slow, peers: ["ask": "slow", "aboveUs": slowUs]),
            Question("count a range of identities", inRange, peers: ["ask": "identityRange", "identities": bounds]),
        ]
    }

    private static let slowUs = 100_000

    private static func lookup(
        _ name: String, reachMs: Double? = nil, _ identities: [Identity], found expected: Int
    ) -> Question {
        let numbers = identities.map { Int64(bitPattern: $0.rawValue) }
        return Question(name, reachMs: reachMs, peers: ["ask": "lookUp", "identities": numbers]) { snapshot in
            let found = try snapshot.find(identities).count { $0 != nil }
            guard found == expected else {
                throw BenchmarkError.failed("\(name): \(found) were found, not \(expected)")
            }
            return Answer(rows: found, registrations: found)
        }
    }
}

extension Question.Subject {
    /// - Parameter lookups: Identities to look up at once.
    init(_ store: String, lookups: Int) throws {
        let snapshot = try Snapshot(ofStoreAt: store)
        known = try Self.identities(of: store, count: lookups)
        busiestHour = try Self.busiestHour(of: snapshot, at: store)
        // Next to some that there are: within the ranges that its files tell of.
        let candidates = known.map { Identity(rawValue: $0.rawValue ^ 1) }
        absent = zip(candidates, try snapshot.find(candidates)).filter { $0.1 == nil }.map(\.0)
        let sorted = known.sorted { Int64(bitPattern: $0.rawValue) < Int64(bitPattern: $1.rawValue) }
        identities = sorted[sorted.count * 45 / 100]...sorted[max(sorted.count * 55 / 100 - 1, sorted.count * 45 / 100)]
    }

    /// The hour with the most registrations.
    private static func busiestHour(of snapshot: Snapshot, at store: String) throws -> Range<Timestamp> {
        var query = Query()
        query.every = .hours(1)
        let rows = try snapshot.run(query).rows
        guard let start = rows.max(by: { $0.registrations < $1.registrations })?.registeredAt else {
            throw BenchmarkError.badInput(path: store, problem: "the store has no registrations to ask for")
        }
        return start..<Timestamp(rawValue: start.rawValue + 3600 * Timestamp.microsecondsPerSecond)
    }

    /// `count` identities from all over the store.
    private static func identities(of store: String, count: Int) throws -> [Identity] {
        let found = Monitor<[Identity]>([])
        try StoreView.read(store, system: PosixSystem()) { view in
            let step = max(1, view.rowCount / count)
            try view.forEachIdentityColumn(threads: 1) { identities in
                for row in stride(from: identities.count / 2 % step, to: identities.count, by: step) {
                    let identity = Identity(rawValue: UInt64(bitPattern: identities[row]))
                    found.withLock { $0.append(identity) }
                }
            }
        }
        return Array(found.withLock { $0 }.prefix(count))
    }
}
