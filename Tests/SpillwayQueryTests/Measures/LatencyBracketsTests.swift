import SpillwayEngine
import SpillwayModel
import SpillwayTestSupport
import Testing

@testable import SpillwayQuery

@Suite struct LatencyBracketsTests {
    private static let percentiles = [0.001, 50, 99, 99.9, 100]

    /// Of all rows of a group, what `tallies` threads find.
    private func latencies(_ groups: [[Int32]], sample: [[Int32]], tallies: Int = 2) -> [[Int]]? {
        let bins = LatencyBrackets.bins
        var counts = [Int](repeating: 0, count: groups.count * bins.count)
        for (group, values) in sample.enumerated() {
            for value in values { counts[group * bins.count + bins.bin(of: value)] += 1 }
        }
        let brackets = LatencyBrackets(
            registrations: groups.map(\.count), percentiles: Self.percentiles, sample: counts)
        var sum = brackets.noTally
        for thread in 0..<tallies {
            var tally = brackets.noTally
            for (group, values) in groups.enumerated() {
                let part = values[values.count * thread / tallies..<values.count * (thread + 1) / tallies]
                part.withUnsafeBufferPointer { brackets.add($0, group: group, to: &tally) }
            }
            LatencyBrackets.add(tally, to: &sum)
        }
        return brackets.latencies(sum)
    }

    private func expected(_ groups: [[Int32]]) -> [[Int]] {
        groups.map { values in
            let sorted = values.sorted()
            return Self.percentiles.map { Int(sorted[LatencyDigits.rank(of: $0, count: sorted.count)]) }
        }
    }

    private func values(_ count: Int, below limit: Int32, _ random: inout SplitMix64) -> [Int32] {
        (0..<count).map { _ in Int32.random(in: 0...limit, using: &random) }
    }

    @Test(arguments: [0, 1, 9, 5_000, 3_000_000, Int32.max])
    func aSampleOfTheRestBracketsEveryPercentile(limit: Int32) {
        var random = SplitMix64(seed: UInt64(limit))
        let groups = [1, 2, 70_000, 20_001].map { values($0, below: limit, &random) }
        let found = latencies(groups, sample: groups.map { $0.filter { _ in random.next() % 12 == 0 } })
        #expect(found == expected(groups))
    }

    /// Nothing is known of it, so that all may be its percentile.
    @Test func aGroupThatWasNotSampledIsFoundAllTheSame() {
        var random = SplitMix64(seed: 5)
        let groups = [values(9_000, below: .max, &random), [0, 3, .max]]
        #expect(latencies(groups, sample: [[], []]) == expected(groups))
    }

    @Test func aSampleThatMisleadsIsNoticed() {
        var random = SplitMix64(seed: 6)
        let groups = [values(9_000, below: 1_000, &random).map { $0 + 5_000 }]
        #expect(latencies(groups, sample: [values(900, below: 1_000, &random)]) == nil)
        #expect(latencies(groups, sample: [values(900, below: 1_000, &random).map { $0 + 50_000 }]) == nil)
    }

    /// What brackets hold is to be little, if the sample is large.
    @Test func bracketsAreNarrow() {
        var random = SplitMix64(seed: 7)
        let sample = values(100_000, below: 1 << 20, &random)
        var counts = [Int](repeating: 0, count: LatencyBrackets.bins.count)
        for value in sample { counts[LatencyBrackets.bins.bin(of: value)] += 1 }
        let narrow = LatencyBrackets(registrations: [1_000_000], percentiles: [50, 99], sample: counts)
        #expect((20_000...60_000).contains(narrow.expectedCount))
        let unknown = LatencyBrackets(
            registrations: [1_000_000], percentiles: [50, 99], sample: counts.map { _ in 0 })
        #expect(unknown.expectedCount == 2_000_000)
    }

    /// Of a store with row groups enough to be sampled: with groups in runs, of every row, and too small for a sample.
    @Test func percentilesOfAStoreTakeOnePass() throws {
        let directory = TemporaryDirectory()
        let registrations = randomRegistrations(40_000, seed: 8)
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(registrations, batchSize: 1_024)
        try engine.close()
        for (columns, interval) in [([.region], nil), ([.platform], nil), ([.country], 3_600_000_000)]
            as [([QueryColumn], Int64?)]
        {
            var query = Query()
            query.groupBy = columns
            query.every = interval.map { _ in .hours(1) }
            query.percentiles = Self.percentiles
            let result = try query.run(onStoreAt: directory.path)
            let agrees = result.rows == expectedRows(query, registrations, intervalUs: interval)
            #expect(agrees && result.reading.rowGroups >= 24, "\(query)")
            if interval != nil { continue }
            query.percentiles = []
            query.measures = [.latencyHistogram]
            let onePass = try query.run(onStoreAt: directory.path).reading.bytesRead
            #expect(result.reading.bytesRead < onePass * 3 / 2)
        }
    }
}
