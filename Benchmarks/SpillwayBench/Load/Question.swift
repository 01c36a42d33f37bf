import Spillway
import SpillwayStore

/// A question that `query` asks, and how it is asked.
struct Question {
    var name: String
    /// Returns how many rows the answer has.
    var ask: (_ store: String) throws -> Int

    init(_ name: String, ask: @escaping (_ store: String) throws -> Int) {
        self.name = name
        self.ask = ask
    }

    init(_ name: String, _ query: Query) {
        self.init(name) { try query.run(onStoreAt: $0).rows.count }
    }

    /// What is asked of every store, with an hour of its own.
    static func all(busiestHour: Range<Timestamp>, known: [Identity], absent: [Identity]) -> [Question] {
        var byRegion = Query()
        byRegion.groupBy = [.region]
        var byMinute = byRegion
        byMinute.every = .minutes(1)
        var inAnHour = Query()
        inAnHour.groupBy = [.region, .country, .platform]
        inAnHour.since = busiestHour.lowerBound
        inAnHour.until = busiestHour.upperBound
        var percentiles = byRegion
        percentiles.percentiles = [50, 99, 99.9]
        return [
            Question("count by region", byRegion),
            Question("count by region and minute", byMinute),
            Question("count by region, country and platform in the busiest hour", inAnHour),
            Question("p50, p99, p99.9 of latency by region", percentiles),
            lookup("look up 1 registration", Array(known.prefix(1)), found: 1),
            lookup("look up \(known.count) registrations", known, found: known.count),
            lookup("look up \(absent.count) identities that are not there", absent, found: 0),
        ]
    }

    private static func lookup(_ name: String, _ identities: [Identity], found expected: Int) -> Question {
        Question(name) { store in
            let found = try Lookup(identities).run(onStoreAt: store).count { $0 != nil }
            guard found == expected else {
                throw BenchmarkError.failed("\(name): \(found) were found, not \(expected)")
            }
            return found
        }
    }

    /// The hour with the most registrations.
    static func busiestHour(of store: String) throws -> Range<Timestamp> {
        var query = Query()
        query.every = .hours(1)
        let rows = try query.run(onStoreAt: store).rows
        guard let start = rows.max(by: { $0.registrations < $1.registrations })?.registeredAt else {
            throw BenchmarkError.badInput(path: store, problem: "the store has no registrations to ask for")
        }
        return start..<Timestamp(rawValue: start.rawValue + 3600 * Timestamp.microsecondsPerSecond)
    }

    /// `count` identities from all over the store.
    static func identities(of store: String, count: Int) throws -> [Identity] {
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

    /// Next to some that a store has, identities that it has not: within the ranges that its files tell of.
    static func absent(from store: String, nextTo known: [Identity]) throws -> [Identity] {
        let candidates = known.map { Identity(rawValue: $0.rawValue ^ 1) }
        return zip(candidates, try Lookup(candidates).run(onStoreAt: store)).filter { $0.1 == nil }.map(\.0)
    }
}
