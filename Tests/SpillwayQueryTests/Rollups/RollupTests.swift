import SpillwayModel
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayQuery

struct RollupTests {
    private let registrations = registrationsAroundMidnight(500, seed: 21)

    @Test func answersFromRollupsAndFromAScanAreTheSame() throws {
        let store = try SmallStore(registrations)
        let scanning = try store.snapshot(.none)
        let paths = scanning.view.segments.map(\.path).sorted()
        #expect(paths.count >= 2)
        let some = Set(paths.enumerated().filter { $0.offset % 2 == 0 }.map(\.element))
        let keeping = [try store.snapshot(), try store.snapshot(.rows { some.contains($0.path) })]
        let reading = try store.snapshot(keepsRollups: false)
        var random = SplitMix64(seed: 22)
        var fromRollups = 0
        for round in 0..<1000 {
            let query = RandomQuery(about: registrations, using: &random).query
            let expected = try scanning.run(query)
            // To read rollups for each query takes long.
            let result = try (round % 20 == 0 ? reading : keeping[round % 2]).run(query)
            #expect(expected.reading.segmentsInRollups == 0)
            fromRollups += result.reading.segmentsInRollups > 0 ? 1 : 0
            let agrees = result.rows == expected.rows
            #expect(agrees, "\(query)")
        }
        #expect(fromRollups > 500)
        try store.close()
    }

    @Test func answersFromRollupsAgreeWithTheModel() throws {
        let store = try SmallStore(registrations)
        try store.close()
        let snapshot = try store.snapshot()
        var random = SplitMix64(seed: 23)
        for _ in 0..<300 {
            let asked = RandomQuery(about: registrations, using: &random)
            let agrees =
                try snapshot.run(asked.query).rows
                == expectedRows(asked.query, registrations, intervalUs: asked.intervalUs)
            #expect(agrees, "\(asked.query)")
        }
    }

    @Test func rollupsThatAreTooLargeToKeepAreReadForEachQuery() throws {
        let store = try SmallStore(registrations)
        try store.close()
        let snapshot = try store.snapshot(memoryLimitBytes: 8 << 10)
        for _ in 0..<2 {
            let result = try snapshot.run(Query())
            #expect(result.registrations == registrations.count)
            #expect(result.reading.segmentsInRollups == result.reading.segments)
            #expect(result.reading.rowsRead == 0)
        }
    }

    @Test func aRollupThatCountsOtherThanItsSegmentIsDamage() throws {
        let store = try SmallStore(registrations)
        try store.close()
        let snapshot = try store.snapshot(RollupSource { _, _ in Rollup() })
        #expect {
            try snapshot.run(Query())
        } throws: { error in
            guard case QueryError.store(.damaged(_, 0, let problem)) = error else { return false }
            return problem.contains("the rollup counts 0 registrations")
        }
    }

    /// Series that come apart in time, and such that share minutes, dense and sparse.
    @Test func mergingAddsUpWhatIsAlike() {
        let countries = ["BR", "DE"].compactMap { Country($0) }
        var random = SplitMix64(seed: 24)
        for span in [10, 100_000] as [Int32] {
            var expected: [SeriesKey: [Int32: UInt32]] = [:]
            let parts = (0..<4).map { part in
                var rollup = Rollup()
                for country in countries {
                    let key = SeriesKey(country: country, platform: "ios", source: "organic")
                    let minutes = Set((0..<8).map { _ in Int32.random(in: -span..<span, using: &random) }).sorted()
                    let counts = minutes.map { _ in UInt32.random(in: 1...9, using: &random) }
                    rollup.append(key, minutes: minutes, counts: counts)
                    for (minute, count) in zip(minutes, counts) {
                        expected[key, default: [:]][minute, default: 0] += count
                    }
                }
                return rollup
            }
            let merged = Rollup.merged(parts)
            #expect(merged.series.map(\.key) == expected.keys.sorted())
            for series in merged.series {
                let sorted = (expected[series.key] ?? [:]).sorted { $0.key < $1.key }
                #expect(Array(merged.minutes[series.cells]) == sorted.map(\.key))
                #expect(Array(merged.counts[series.cells]) == sorted.map(\.value))
            }
        }
    }
}
