public import SpillwayModel

/// When and where attempts come from: how many arrive in each bucket of UTC time, by region.
///
/// All buckets are of one length, the shortest of a few round ones that takes ``maximumBuckets`` at most.
public struct TraceProfile: Sendable, Hashable {
    /// A day takes fewer in minutes.
    public static let maximumBuckets = 1500

    private static let laneCount = Region.allCases.count + 1
    /// By index of country, the place among a bucket's counts: that of the region, or the last for no region.
    private static let lanes: [Int] = (0..<256).map { index in
        index < Country.regionCodes.count ? Int(Country.regionCodes[index]) : laneCount - 1
    }

    private var width = BucketWidth.shortest
    /// Buckets since 1970.
    private var first: Int64 = 0
    /// By bucket, then by lane.
    private var counts: [Int] = []
    /// By index of country.
    private var countryCounts = [Int](repeating: 0, count: 256)

    public init() {}

    /// - Precondition: Times never decrease.
    init(_ slice: TraceSlice) {
        guard let start = slice.arrivedAt.first, let end = slice.arrivedAt.last else { return }
        while span(from: start, to: end) > Self.maximumBuckets { width = width.next }
        first = width.bucket(of: start)
        counts = [Int](repeating: 0, count: Int(span(from: start, to: end)) * Self.laneCount)
        count(slice.arrivedAt, slice.batch.country)
    }

    private func span(from start: Timestamp, to end: Timestamp) -> Int64 {
        width.bucket(of: end) - width.bucket(of: start) + 1
    }

    private mutating func count(_ times: [Timestamp], _ countries: [Country]) {
        let lanes = Self.lanes
        var row = 0
        while row < times.count {
            let bucket = width.bucket(of: times[row])
            let base = Int(bucket - first) * Self.laneCount
            let last = width.last(of: bucket)
            while row < times.count, times[row] <= last {
                let country = Int(countries[row].index)
                counts[base + lanes[country]] += 1
                countryCounts[country] += 1
                row += 1
            }
        }
    }
}

extension TraceProfile {
    /// The length of a bucket, in microseconds.
    public var bucketUs: Int64 { width.us }
    public var bucketCount: Int { counts.count / Self.laneCount }
    /// When the first bucket begins.
    public var start: Timestamp { width.start(of: first) }

    /// Attempts by bucket; of no region are those whose country is not known.
    public func attempts(from region: Region?) -> [Int] {
        let lane = region.flatMap(Region.allCases.firstIndex) ?? Self.laneCount - 1
        return stride(from: lane, to: counts.count, by: Self.laneCount).map { counts[$0] }
    }

    /// The countries that most attempts come from, the most first; of equals the first by code.
    public func busiestCountries(_ limit: Int) -> [(country: Country, attempts: Int)] {
        let counted = Country.all.map { ($0, countryCounts[Int($0.index)]) }.filter { $0.1 > 0 }
        return Array(counted.sorted { ($1.1, $0.0.code) < ($0.1, $1.0.code) }.prefix(limit))
    }
}

extension TraceProfile {
    /// Adds attempts of any time, in buckets of a common length.
    mutating func add(_ other: TraceProfile) {
        guard !other.counts.isEmpty else { return }
        guard !counts.isEmpty else {
            self = other
            return
        }
        var other = other
        var common = max(width, other.width)
        while span(with: other, in: common) > Self.maximumBuckets { common = common.next }
        widen(to: common)
        other.widen(to: common)
        let (start, end) = (min(first, other.first), max(last, other.last))
        let grown = Int(end - start + 1) * Self.laneCount
        if first > start || counts.count < grown {
            let before = Int(first - start) * Self.laneCount
            let zeros = [Int](repeating: 0, count: before)
            counts = zeros + counts + [Int](repeating: 0, count: grown - before - counts.count)
            first = start
        }
        let offset = Int(other.first - first) * Self.laneCount
        for (index, count) in other.counts.enumerated() { counts[offset + index] += count }
        for (country, count) in other.countryCounts.enumerated() { countryCounts[country] += count }
    }

    private var last: Int64 { first + Int64(bucketCount) - 1 }

    /// Buckets of that width that it takes to hold both.
    private func span(with other: TraceProfile, in common: BucketWidth) -> Int64 {
        let (mine, others) = (common.us / width.us, common.us / other.width.us)
        let start = min(first.flooredDivision(by: mine).quotient, other.first.flooredDivision(by: others).quotient)
        let end = max(last.flooredDivision(by: mine).quotient, other.last.flooredDivision(by: others).quotient)
        return end - start + 1
    }

    private mutating func widen(to wider: BucketWidth) {
        guard wider > width else { return }
        let factor = wider.us / width.us
        let start = first.flooredDivision(by: factor).quotient
        let end = last.flooredDivision(by: factor).quotient
        var widened = [Int](repeating: 0, count: Int(end - start + 1) * Self.laneCount)
        for bucket in 0..<bucketCount {
            let target = Int((first + Int64(bucket)).flooredDivision(by: factor).quotient - start)
            for lane in 0..<Self.laneCount {
                widened[target * Self.laneCount + lane] += counts[bucket * Self.laneCount + lane]
            }
        }
        (width, first, counts) = (wider, start, widened)
    }
}

/// One of the lengths of buckets, each a multiple of the one before: so that buckets of one fill those of the next.
private struct BucketWidth: Hashable, Comparable {
    private static let roundSeconds: [Int64] = [1, 10, 60, 300, 900, 3600, 21_600, 86_400]
    static let shortest = BucketWidth(level: 0)

    private let level: Int
    let us: Int64

    /// Beyond a day each is twice the one before; 1500 of 2¹⁸ days are all of time.
    private init(level: Int) {
        let round = min(level, Self.roundSeconds.count - 1)
        self.level = level
        us = Self.roundSeconds[round] * Timestamp.microsecondsPerSecond << Int64(level - round)
    }

    var next: BucketWidth { BucketWidth(level: level + 1) }

    static func < (a: BucketWidth, b: BucketWidth) -> Bool { a.level < b.level }

    func bucket(of time: Timestamp) -> Int64 { time.rawValue.flooredDivision(by: us).quotient }

    /// The first time of a bucket, or of all time.
    func start(of bucket: Int64) -> Timestamp {
        let (start, overflow) = bucket.multipliedReportingOverflow(by: us)
        return Timestamp(rawValue: overflow ? .min : start)
    }

    /// The last time of a bucket, or of all time.
    func last(of bucket: Int64) -> Timestamp {
        let (end, overflow) = (bucket + 1).multipliedReportingOverflow(by: us)
        return Timestamp(rawValue: overflow ? .max : end - 1)
    }
}
