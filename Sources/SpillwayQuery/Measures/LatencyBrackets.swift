import SpillwayParquet

/// Percentiles found in one pass: each is expected between two latencies, by a sample of the rows. The pass counts the
/// latencies before and keeps those between, which tells which one it is, or that it is not there. Exact all the same.
struct LatencyBrackets: Sendable {
    /// How the sample's latencies are counted: as wide as the least bracket need be.
    static let bins = LatencyBins(bits: 6)

    /// A percentile of a group, and the latencies that it is expected among.
    private struct Target {
        /// How many latencies of the group are before it.
        var rank: Int
        var first: Int32
        var last: Int32
    }

    /// What a thread has seen.
    struct Tally: Sendable {
        /// Of each target, how many latencies are before its bracket, and those inside.
        fileprivate var below: [Int]
        fileprivate var inside: [[Int32]]
    }

    /// Those of each group, one after the other.
    private var targets: [Target] = []
    private let percentileCount: Int
    /// Latencies that brackets hold, if the sample is like the rest.
    private(set) var expectedCount = 0

    /// - Parameter sample: The sample's latencies of each group in ``bins``, one group after the other.
    init(registrations: [Int], percentiles: [Double], sample: [Int]) {
        percentileCount = percentiles.count
        for (group, count) in registrations.enumerated() {
            let counts = sample[group * Self.bins.count..<(group + 1) * Self.bins.count]
            let sampled = counts.reduce(0, +)
            for percentile in percentiles {
                let rank = LatencyDigits.rank(of: percentile, count: count)
                let ranks = Self.ranks(around: Double(rank) / Double(max(1, count)), sampled)
                targets.append(Self.target(rank, ranks, counts))
                let share =
                    sampled == 0
                    ? 1 : Double(min(ranks.upperBound, sampled) - max(ranks.lowerBound, 0)) / Double(sampled)
                expectedCount += Int(share * Double(count))
            }
        }
    }

    /// Ranks in a sample around the one at a share of it: four standard errors on either side, and a bit, as what is
    /// sampled differs from the rest.
    private static func ranks(around share: Double, _ sampled: Int) -> Range<Int> {
        let error = 4 * (share * (1 - share) / Double(max(1, sampled))).squareRoot()
        let margin = error + 0.03 * min(share, 1 - share)
        let (low, high) = ((share - margin) * Double(sampled), (share + margin) * Double(sampled))
        return Int(low.rounded(.down)) - 1..<Int(high.rounded(.up)) + 2
    }

    private static func target(_ rank: Int, _ ranks: Range<Int>, _ counts: ArraySlice<Int>) -> Target {
        var target = Target(rank: rank, first: 0, last: .max)
        var before = 0
        for (bin, count) in counts.enumerated() {
            let range = bins.range(ofBin: bin)
            if before + count <= ranks.lowerBound { target.first = Int32(clamping: range.upperBound) }
            if before < ranks.upperBound, before + count >= ranks.upperBound {
                target.last = Int32(clamping: range.upperBound - 1)
            }
            before += count
        }
        return target
    }

    var noTally: Tally {
        Tally(below: targets.map { _ in 0 }, inside: targets.map { _ in [] })
    }

    /// Counts latencies of one group.
    func add(_ latencies: UnsafeBufferPointer<Int32>, group: Int, to tally: inout Tally) {
        for target in group * percentileCount..<(group + 1) * percentileCount {
            latencies.pick(
                targets[target].first, targets[target].last, into: &tally.inside[target], below: &tally.below[target])
        }
    }

    static func add(_ tally: Tally, to sum: inout Tally) {
        for target in tally.below.indices {
            sum.below[target] += tally.below[target]
            sum.inside[target] += tally.inside[target]
        }
    }

    /// The percentiles of each group; nil if one is outside of its bracket.
    func latencies(_ tally: Tally) -> [[Int]]? {
        var latencies: [[Int]] = []
        for (index, target) in targets.enumerated() {
            if index % percentileCount == 0 { latencies.append([]) }
            let rank = target.rank - tally.below[index]
            guard tally.inside[index].indices.contains(rank) else { return nil }
            latencies[latencies.count - 1].append(Self.value(at: rank, of: tally.inside[index], in: target))
        }
        return latencies
    }

    private static let digitBits = 12

    /// The value that comes at a rank among values of a bracket.
    private static func value(at rank: Int, of values: [Int32], in target: Target) -> Int {
        let width = UInt32(bitPattern: target.last &- target.first)
        let shift = UInt32(max(0, UInt32.bitWidth - width.leadingZeroBitCount - digitBits))
        func digit(_ value: Int32) -> Int { Int(UInt32(bitPattern: value &- target.first) >> shift) }
        var counts = [Int](repeating: 0, count: digit(target.last) + 1)
        for value in values { counts[digit(value)] += 1 }
        var (found, rest) = (0, rank)
        while counts[found] <= rest {
            rest -= counts[found]
            found += 1
        }
        return Int(values.filter { digit($0) == found }.sorted()[rest])
    }
}
