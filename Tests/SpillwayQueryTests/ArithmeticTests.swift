import SpillwayTestSupport
import Testing

@testable import SpillwayQuery

struct ArithmeticTests {
    @Test func bucketDivisionAgreesWithDivision() {
        var random = SplitMix64(seed: 8)
        for _ in 0..<2000 {
            let divisor =
                Int64(truncatingIfNeeded: random.next() >> UInt64.random(in: 1...62, using: &random)) | 2
            let bucket = BucketDivision(by: divisor)
            for _ in 0..<20 {
                let number = random.next() >> UInt64.random(in: 2...63, using: &random)
                for edge in [number, number / UInt64(divisor) * UInt64(divisor)] {
                    #expect(bucket(edge) == edge / UInt64(divisor))
                    if edge > 0 { #expect(bucket(edge - 1) == (edge - 1) / UInt64(divisor)) }
                }
            }
        }
    }

    @Test(arguments: [
        (50.0, 1, 0), (50, 2, 0), (50, 3, 1), (99.9, 1000, 998), (99.9, 1001, 999), (100, 7, 6),
        (0.000_001, 7, 0),
        (95, 20, 18), (33.333_333, 3, 0), (33.333_334, 3, 1),
    ])
    func nearestRank(percentile: Double, count: Int, rank: Int) {
        #expect(LatencyDigits.rank(of: percentile, count: count) == rank)
    }

    /// Many groups leave room for small digits only, which take more passes.
    @Test(arguments: [1, 40_000])
    func digitsNarrowDownToTheLatency(groups: Int) {
        var random = SplitMix64(seed: 9)
        let latencies = (0..<20).map { _ in Int32.random(in: 0...Int32.max, using: &random) }
        var digits = LatencyDigits(
            registrations: Array(repeating: 20, count: groups), percentiles: [100, 1],
            maximum: Int64(Int32.max),
            threads: 64, histogramBytes: 256 << 20)
        var passes = 0
        while !digits.isDone {
            var counters = [Int](repeating: 0, count: digits.beginPass())
            for group in 0..<groups {
                for latency in latencies { digits.count(latency, group: group, in: &counters) }
            }
            let isSound = digits.endPass(counters)
            #expect(isSound)
            passes += 1
        }
        let expected = [latencies.max(), latencies.min()].compactMap { $0.map(Int.init) }
        #expect(digits.latencies == Array(repeating: expected, count: groups))
        #expect(passes == (groups == 1 ? 2 : 8))
    }
}
