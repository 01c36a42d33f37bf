import SpillwayParquet

/// Percentiles found digit by digit: each pass over the rows counts, for every percentile that is sought, the next
/// digit of the latencies that agree with it so far, and so narrows it down by that digit. Exact, in memory that
/// depends on the number of groups and not of rows.
struct LatencyDigits: Sendable {
    /// A percentile of a group on the way to being known.
    private struct Target {
        var group: Int
        /// How many latencies are before it, among those of the group that have its prefix.
        var rank: Int
        /// Digits found so far.
        var prefix: UInt32 = 0
    }

    /// In order of group, then rank; so those of one group with one prefix are neighbours.
    private var targets: [Target] = []
    /// Percentiles of each group.
    private let percentileCount: Int
    /// Where each target is among its group's percentiles.
    private var places: [Int] = []
    /// Bits that a latency can have.
    private let bits: UInt32
    /// Those that are not known yet.
    private var unknownBits: UInt32

    /// Bits of the digit that the pass counts.
    private var width: UInt32 = 0
    /// The histograms of each group, one for each prefix; one more start at the end.
    private var histogramStarts: [Int] = []
    private var histogramPrefixes: [UInt32] = []
    private let counterLimit: Int

    /// Bits of a digit: at least the fewest, whatever memory that takes.
    private static let widths: ClosedRange<UInt32> = 4...16

    /// - Parameters:
    ///   - maximum: The greatest latency of all, not negative.
    ///   - histogramBytes: What all threads' histograms together may take.
    init(registrations: [Int], percentiles: [Double], maximum: Int64, threads: Int, histogramBytes: Int) {
        percentileCount = percentiles.count
        bits = UInt32(max(1, 64 - maximum.leadingZeroBitCount))
        unknownBits = bits
        counterLimit = histogramBytes / MemoryLayout<Int>.size / (threads + 1)
        let order = percentiles.indices.sorted { percentiles[$0] < percentiles[$1] }
        for (group, count) in registrations.enumerated() where count > 0 {
            for place in order {
                targets.append(Target(group: group, rank: Self.rank(of: percentiles[place], count: count)))
                places.append(place)
            }
        }
        histogramStarts = [Int](repeating: 0, count: registrations.count + 1)
    }

    /// The nearest rank, from 0: ⌈count · percentile / 100⌉ − 1, for a percentile of at most six decimals exactly.
    static func rank(of percentile: Double, count: Int) -> Int {
        let hundred = 100_000_000
        let millionths = min(max(1, Int((percentile * 1_000_000).rounded())), hundred)
        let (quotient, remainder) = hundred.dividingFullWidth(count.multipliedFullWidth(by: millionths))
        return max(0, remainder == 0 ? quotient - 1 : quotient)
    }

    var isDone: Bool { unknownBits == 0 || targets.isEmpty }

    /// Chooses the next digit; returns how many counters take part in counting it.
    mutating func beginPass() -> Int {
        histogramPrefixes.removeAll(keepingCapacity: true)
        var next = 0
        for group in 0..<histogramStarts.count - 1 {
            histogramStarts[group] = histogramPrefixes.count
            while next < targets.count, targets[next].group == group {
                if histogramPrefixes.count == histogramStarts[group]
                    || histogramPrefixes.last != targets[next].prefix
                {
                    histogramPrefixes.append(targets[next].prefix)
                }
                next += 1
            }
        }
        histogramStarts[histogramStarts.count - 1] = histogramPrefixes.count
        let room = counterLimit / max(1, histogramPrefixes.count)
        let widest = UInt32(max(0, 63 - max(1, room).leadingZeroBitCount))
        let limit = min(max(widest, Self.widths.lowerBound), Self.widths.upperBound)
        // Digits of about one width: the fewest counters for as many passes.
        let passes = (unknownBits + limit - 1) / limit
        width = (unknownBits + passes - 1) / passes
        return histogramPrefixes.count << Int(width)
    }

    /// Counts the digit of one latency.
    @inline(__always)
    func count(_ latencyUs: Int32, group: Int, in counters: inout [Int]) {
        let value = UInt32(bitPattern: latencyUs)
        let prefix = value >> unknownBits
        let digit = Int(value &>> (unknownBits - width)) & (1 << Int(width) - 1)
        for histogram in histogramStarts[group]..<histogramStarts[group + 1]
        where histogramPrefixes[histogram] == prefix {
            counters[histogram << Int(width) | digit] += 1
        }
    }

    /// Counts the digits of latencies that are all of one group.
    func count(_ latencies: UnsafeBufferPointer<Int32>, group: Int, in counters: inout [Int]) {
        let (first, end) = (histogramStarts[group], histogramStarts[group + 1])
        if first == end { return }
        counters.withUnsafeMutableBufferPointer { counters in
            let counters = UnsafeMutableBufferPointer(rebasing: counters[first << Int(width)..<end << Int(width)])
            latencies.countDigits(
                of: width, shift: unknownBits - width,
                // In the first pass every latency has the one prefix there is, which has no bits.
                prefixes: unknownBits == bits ? nil : histogramPrefixes[first..<end], in: counters)
        }
    }

    /// Narrows each percentile down by the digit that was counted; false if the counters hold too few latencies.
    mutating func endPass(_ counters: [Int]) -> Bool {
        for index in targets.indices {
            let group = targets[index].group
            var histogram = histogramStarts[group]
            while histogramPrefixes[histogram] != targets[index].prefix { histogram += 1 }
            var digit = 0
            let base = histogram << Int(width)
            while digit < 1 << Int(width), counters[base + digit] <= targets[index].rank {
                targets[index].rank -= counters[base + digit]
                digit += 1
            }
            guard digit < 1 << Int(width) else { return false }
            targets[index].prefix = targets[index].prefix << width | UInt32(digit)
        }
        unknownBits -= width
        return true
    }

    /// The percentiles of each group, once all digits are known.
    var latencies: [[Int]] {
        var latencies = [[Int]](repeating: [], count: histogramStarts.count - 1)
        for (target, place) in zip(targets, places) {
            if latencies[target.group].isEmpty {
                latencies[target.group] = [Int](repeating: 0, count: percentileCount)
            }
            latencies[target.group][place] = Int(target.prefix)
        }
        return latencies
    }
}
