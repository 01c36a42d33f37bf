import SpillwayModel
import Testing

@testable import SpillwayTrace

struct DistributionTests {
    @Test func apportionmentAddsUp() {
        #expect(apportion(10, by: [1, 1, 1]) == [4, 3, 3])
        #expect(apportion(7, by: [0, 0.5, 0.25, 0.25]) == [0, 3, 2, 2])
        #expect(apportion(1, by: [0, 0, 1]) == [0, 0, 1])
        #expect(apportion(0, by: [1, 2]) == [0, 0])
        let weights = (1...200).map { 1 / Double($0) }
        for total in [1, 99, 12_345, 70_000_000, 4_000_000_000] {
            #expect(apportion(total, by: weights).reduce(0, +) == total)
        }
    }

    @Test func portableMathIsRight() {
        for x in [-50, -1.5, -0.5, 0, 0.1, 0.5, 1, 3.7, 40] {
            let y = PortableMath.exp2(x)
            #expect(abs(PortableMath.log2(y) - x) < 1e-12)
        }
        #expect(PortableMath.exp2(10) == 1024)
        #expect(abs(PortableMath.exp2(0.5) - 1.414_213_562_373_095_1) < 1e-14)
        #expect(abs(PortableMath.log2(10) - 3.321_928_094_887_362) < 1e-13)
        // Tables of the normal distribution.
        #expect(abs(PortableMath.normalQuantile(0.99) - 2.326_347_874) < 1e-7)
        #expect(abs(PortableMath.normalQuantile(0.001) + 3.090_232_306) < 1e-7)
        #expect(PortableMath.normalQuantile(0.5) == 0)
    }

    @Test func latenciesHaveTheirMedianAndP99() {
        let latency = LatencyDistribution(medianUs: 180_000, p99Us: 2_400_000)
        let sample = (0..<100_000 as Range<UInt64>).map { Int(latency.latencyUs(mix($0) >> 32)) }.sorted()
        #expect(abs(sample[50_000] - 180_000) < 4000)
        #expect(abs(sample[99_000] - 2_400_000) < 150_000)
        #expect(sample[0] > 0)
        #expect(Set(sample).count > 60_000)
        #expect(latency.latencyUs(0) > 0 && latency.latencyUs(0xffff_ffff) > 2_400_000)
        let constant = LatencyDistribution(medianUs: 5, p99Us: 5)
        #expect(constant.latencyUs(0) == 5 && constant.latencyUs(0xffff_ffff) == 5)
    }

    @Test func labelsAreDrawnByWeight() {
        let weights: [(label: Label, weight: Double)] = [("a", 0.5), ("b", 0.3), ("c", 0), ("d", 0.2)]
        let labels = WeightedLabels(weights)
        var counts: [String: Int] = [:]
        // Evenly spaced numbers stand for all of them.
        for step in 0..<100_000 as Range<UInt64> { counts[labels.label(step * 42_949).name, default: 0] += 1 }
        #expect(counts["c"] == nil)
        for (label, weight) in weights {
            #expect(abs(counts[label.name, default: 0] - Int(weight * 100_000)) < 20)
        }
    }

    @Test func keysSortByArrivalAndKeepTies() {
        for count in [0, 1, 2, 1000] {
            var keys = (0..<count).map { index in
                SliceKey.bits(
                    arrivalUs: mix(UInt64(index % 300)) % 60_000_000, run: index % 56, index: index)
            }
            let expected = keys.enumerated().sorted { a, b in
                let (x, y) = (a.element >> 37, b.element >> 37)
                return x == y ? a.offset < b.offset : x < y
            }.map(\.element)
            var room: [UInt64] = []
            keys.append(12)
            SliceKey.sort(&keys, count: count, room: &room)
            #expect(Array(keys.prefix(count)) == expected)
        }
    }

    @Test func keysHoldTheirParts() {
        let key = SliceKey(
            SliceKey.bits(arrivalUs: 59_999_999, run: SliceKey.maximumRuns - 1, index: AttemptRun.maximumCount - 1))
        #expect(key.arrivalUs == 59_999_999)
        #expect(key.run == SliceKey.maximumRuns - 1 && key.index == AttemptRun.maximumCount - 1)
    }
}
