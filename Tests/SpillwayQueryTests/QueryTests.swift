import SpillwayEngine
import SpillwayModel
import SpillwayQuery
import SpillwayStore
import SpillwayTestSupport
import Testing

struct QueryTests {
    /// Row groups in sealed and open segments, and rows in the journal; then the same once all is sealed.
    @Test func randomQueriesAgreeWithTheModel() throws {
        let directory = TemporaryDirectory()
        let registrations = randomRegistrations(6000, seed: 1, days: 2)
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(Array(registrations[..<5400]), batchSize: 1500)
        try engine.ingest(Array(registrations[5400...]), batchSize: 300)
        var random = SplitMix64(seed: 2)
        for _ in 0..<12 { try check(&random, registrations, at: directory.path) }
        try engine.close()
        for _ in 0..<12 { try check(&random, registrations, at: directory.path) }
    }

    private func check(_ random: inout SplitMix64, _ registrations: [Registration], at path: String) throws {
        var query = Query()
        query.groupBy = QueryColumn.allCases.shuffled(using: &random).prefix(
            Int.random(in: 0...4, using: &random)
        ).map { $0 }
        let intervals: [(QueryInterval, Int64)?] = [
            nil, (.minutes(1), 60_000_000), (.hours(1), 3_600_000_000), (.days(1), 86_400_000_000),
        ]
        let interval = intervals.randomElement(using: &random) ?? nil
        query.every = interval?.0
        let times = (0..<2).map { _ in registrations.randomElement(using: &random)?.registeredAt }
        if let a = times[0], let b = times[1], a < b {
            if Bool.random(using: &random) { query.since = a }
            if Bool.random(using: &random) { query.until = b }
        }
        for column in QueryColumn.allCases where Int.random(in: 0..<4, using: &random) == 0 {
            let values = (0..<2).compactMap { _ in
                registrations.randomElement(using: &random)?.value(of: column)
            }
            query.filters[column] = Set(values)
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            let bounds = [Int.random(in: -1...6_000_000, using: &random), .max, 0].shuffled(using: &random)
            query.latencyUs = min(bounds[0], bounds[1])...max(bounds[0], bounds[1])
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            let bounds = (0..<2).map { _ in Identity(rawValue: random.next()) }
            query.identities = min(bounds[0], bounds[1])...max(bounds[0], bounds[1])
        }
        query.percentiles = [[], [50], [99.9, 50, 100, 0.001]].randomElement(using: &random) ?? []
        let threads = Int.random(in: 1...3, using: &random)
        let memory = [1 << 30, 64 << 20].randomElement(using: &random) ?? 0
        let result = try query.run(onStoreAt: path, threads: threads, memoryLimitBytes: memory)
        let agrees = result.rows == expectedRows(query, registrations, intervalUs: interval?.1)
        #expect(agrees, "\(query)")
    }

    @Test func rowGroupsWithinOneBucketAgreeToo() throws {
        let directory = TemporaryDirectory()
        let registrations = randomRegistrations(20_000, seed: 3).sorted { $0.registeredAt < $1.registeredAt }
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(registrations, batchSize: 2000)
        try engine.close()
        for columns in [[], [.region], [.country, .platform]] as [[QueryColumn]] {
            for filters in [[:], [.region: ["Europe"]], [.platform: ["ios"]]] as [[QueryColumn: Set<String>]] {
                var query = Query()
                query.groupBy = columns
                query.filters = filters
                query.every = .days(1)
                let rows = try query.run(onStoreAt: directory.path).rows
                let agrees = rows == expectedRows(query, registrations, intervalUs: 86_400_000_000)
                #expect(agrees, "\(query)")
            }
        }
    }

    @Test func percentilesOfExtremeLatenciesAreExact() throws {
        let directory = TemporaryDirectory()
        let registrations = extremeRegistrations()
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(registrations, batchSize: 1500)
        try engine.close()
        for columns in [[], [.region], [.country, .platform]] as [[QueryColumn]] {
            var query = Query()
            query.groupBy = columns
            // More than four prefixes of a group at once.
            query.percentiles = [0.001, 10, 20, 30, 40, 50, 60, 66, 67, 99.9, 100]
            let rows = try query.run(onStoreAt: directory.path).rows
            #expect(rows == expectedRows(query, registrations, intervalUs: nil))
        }
    }

    @Test func anEmptyStoreHasOneRowWithoutGroupsAndNoneWith() throws {
        let directory = TemporaryDirectory()
        try Engine.open(at: directory.path).close()
        var query = Query()
        query.percentiles = [50]
        #expect(try query.run(onStoreAt: directory.path).rows.map(\.registrations) == [0])
        query.groupBy = [.region]
        #expect(try query.run(onStoreAt: directory.path).rows.isEmpty)
    }

    @Test func moreGroupsThanMemoryHoldsAreRefused() throws {
        let directory = TemporaryDirectory()
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(randomRegistrations(10_000, seed: 4), batchSize: 2000)
        try engine.close()
        var query = Query()
        query.groupBy = [.country, .platform, .source]
        query.every = .seconds(1)
        #expect(try !query.run(onStoreAt: directory.path).rows.isEmpty)
        #expect(throws: QueryError.tooManyGroups) {
            try query.run(onStoreAt: directory.path, memoryLimitBytes: 1 << 20)
        }
    }

    @Test func valuesThatCannotBeAreRefused() throws {
        var query = Query()
        query.filters = [.region: ["Atlantis"]]
        #expect(throws: QueryError.unknownValue("Atlantis", column: .region)) {
            try query.run(onStoreAt: "nowhere")
        }
        query.filters = [.country: ["XX"]]
        #expect(throws: QueryError.unknownValue("XX", column: .country)) {
            try query.run(onStoreAt: "nowhere")
        }
        query.filters = [:]
        query.percentiles = [0]
        #expect(throws: QueryError.percentileOutOfRange(0)) { try query.run(onStoreAt: "nowhere") }
        query.percentiles = []
        query.since = Timestamp(rawValue: 5)
        query.until = Timestamp(rawValue: 5)
        #expect(throws: QueryError.self) { try query.run(onStoreAt: "nowhere") }
        #expect(throws: QueryError.store(.missing(path: "nowhere"))) { try Query().run(onStoreAt: "nowhere") }
    }

    @Test func regionsAndCountriesMayBeTypedInAnyCase() throws {
        let directory = TemporaryDirectory()
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(randomRegistrations(100, seed: 4, countries: ["BR"]), batchSize: 100)
        try engine.close()
        var query = Query()
        query.filters = [
            .region: ["latin america"], .country: ["br", "de"], .platform: ["ios", "web", "android"],
        ]
        #expect(try query.run(onStoreAt: directory.path).registrations == 100)
        query.filters = [.platform: ["fax"]]
        #expect(try query.run(onStoreAt: directory.path).registrations == 0)
    }
}
