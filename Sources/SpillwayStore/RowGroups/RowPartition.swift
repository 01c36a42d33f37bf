import SpillwayModel

/// Which of some hundred buckets each row of a row group falls into. From bucket to bucket rows go by country, those of
/// a populous country by how high their latency is, and then by a value that ascends.
///
/// Latencies are packed 32 by 32, with as many bits as the highest one needs: having the few high ones apart saves 1.6
/// bits a row.
///
/// How many buckets a country has, and for which values, is judged by a sample of the rows; a value beyond the
/// sample's range falls into the first or last one.
struct RowPartition {
    /// Rows that a bucket is meant to have: they and their columns stay in the processor's first cache.
    private static let rowsPerBucket = 1024
    /// Of this many rows in a block, that many are looked at: side by side, as they share cache lines.
    private static let samplePeriod = 64
    private static let sampleLength = 8
    /// A country with fewer rows is not divided by latency.
    private static let leastRowsDivided = 8192
    /// The largest value of 15 digits, as many as an E.164 number can have.
    private static let maximumTelephoneNumber: UInt64 = 999_999_999_999_999

    /// Buckets of 2^shift values each, from `origin` on. 16 bytes, as all slices are to stay in the first cache.
    fileprivate struct Slice {
        var origin: UInt64 = 0
        var firstBucket: UInt32 = 0
        /// From the first bucket.
        var lastBucket: UInt16 = 0
        var shift: UInt16 = 0
    }

    /// By the country's index and the latency's class.
    private let slices: [Slice]
    private let classes: LatencyClasses
    private let isByIdentity: Bool
    /// Rows that each bucket will hardly have more of.
    private(set) var capacities: [Int] = []

    /// - Complexity: O(rows / 8)
    init(_ blocks: [RowBlock]) {
        let rows = Self.sample(of: blocks)
        let rowsPerSampled = Double(blocks.reduce(0) { $0 + $1.count }) / Double(max(1, rows.count))
        isByIdentity = rows.allSatisfy { $0.identity <= Self.maximumTelephoneNumber }
        classes = LatencyClasses(rows)
        var ranges = [SampledRange](repeating: SampledRange(), count: LatencyClasses.count << UInt8.bitWidth)
        for row in rows {
            ranges[Self.slice(of: row, classes)].add(Self.value(of: row, isByIdentity: isByIdentity))
        }
        let (slices, bucketCount) = Self.slices(for: ranges, rowsPerSampled, isByIdentity: isByIdentity)
        self.slices = slices
        var counts = [Int](repeating: 0, count: bucketCount)
        slices.withUnsafeBufferPointer { slices in
            for row in rows { counts[bucket(of: row, slices)] += 1 }
        }
        // Four standard deviations more than the sample lets expect.
        capacities = counts.map { Int((Double($0) + 4 * Double($0).squareRoot() + 4) * rowsPerSampled) }
    }

    /// Shares buckets out to countries, in the order of their least values if these are telephone numbers: as they
    /// begin with the country's, few are far from those before them.
    private static func slices(
        for ranges: [SampledRange], _ rowsPerSampled: Double, isByIdentity: Bool
    ) -> ([Slice], bucketCount: Int) {
        let countries = stride(from: 0, to: ranges.count, by: LatencyClasses.count).map {
            (first: $0, whole: SampledRange(ranges[$0..<$0 + LatencyClasses.count]))
        }.filter { $0.whole.count > 0 }
        // The last bucket is for countries that the sample does not have.
        var next = 0
        var slices = [Slice?](repeating: nil, count: ranges.count)
        for (first, whole) in isByIdentity ? countries.sorted(by: { $0.whole.least < $1.whole.least }) : countries {
            let isDivided = Double(whole.count) * rowsPerSampled >= Double(leastRowsDivided)
            for index in first..<first + LatencyClasses.count {
                let range = isDivided ? ranges[index] : whole
                let wanted = Int(Double(range.count) * rowsPerSampled) / rowsPerBucket
                let slice = Slice(range, bucketsAtLeast: max(1, wanted), firstBucket: next)
                slices[index] = isDivided || index == first ? slice : slices[first]
                if isDivided || index == first { next += Int(slice.lastBucket) + 1 }
            }
        }
        return (slices.map { $0 ?? Slice(firstBucket: UInt32(next)) }, next + 1)
    }

    private static func sample(of blocks: [RowBlock]) -> [PackedRow] {
        var rows: [PackedRow] = []
        for block in blocks {
            for first in stride(from: 0, to: block.count, by: samplePeriod) {
                rows += UnsafeBufferPointer(start: block.rows + first, count: min(sampleLength, block.count - first))
            }
        }
        return rows
    }

    /// What rows of a country go by. Telephone numbers by themselves; identities that are spread over all 64 bits
    /// hardly shrink by sorting, so those rows go by time.
    @inline(__always)
    private static func value(of row: PackedRow, isByIdentity: Bool) -> UInt64 {
        isByIdentity ? row.identity : UInt64(bitPattern: row.registeredAt) ^ signBit
    }

    @inline(__always)
    private static func slice(of row: PackedRow, _ classes: LatencyClasses) -> Int {
        Int(row.attributes.country.index) &* LatencyClasses.count &+ classes.index(of: row.attributes.latencyUs)
    }

    @inline(__always)
    private func bucket(of row: PackedRow, _ slices: UnsafeBufferPointer<Slice>) -> Int {
        let slice = slices[Self.slice(of: row, classes)]
        return Int(slice.firstBucket)
            &+ Int(truncatingIfNeeded: slice.bucket(of: Self.value(of: row, isByIdentity: isByIdentity)))
    }

    /// Rows that fall into each bucket.
    func counts(of blocks: [RowBlock]) -> [Int] {
        var counts = [Int](repeating: 0, count: capacities.count)
        counts.withUnsafeMutableBufferPointer { counts in
            _ = forEachRow(of: blocks) { _, bucket in
                counts[bucket] += 1
                return true
            }
        }
        return counts
    }

    /// Calls `body` with each row and its bucket, until it returns false; then so does this.
    @inline(__always)
    func forEachRow(of blocks: [RowBlock], _ body: (PackedRow, Int) -> Bool) -> Bool {
        slices.withUnsafeBufferPointer { slices in
            for block in blocks {
                for index in 0..<block.count {
                    let row = block.rows[index]
                    if !body(row, bucket(of: row, slices)) { return false }
                }
            }
            return true
        }
    }

    /// Where a row stands within its bucket, `bits` bits wide.
    struct Key {
        /// Of the value in a row, and what makes it ascend as a number without a sign.
        fileprivate let byteOffset: Int
        fileprivate let flip: UInt64
        fileprivate let origin: UInt64
        fileprivate let greatest: UInt64
        fileprivate let down: UInt64
        let bits: Int

        @inline(__always)
        func callAsFunction(_ row: UnsafePointer<PackedRow>) -> UInt64 {
            let value = UnsafeRawPointer(row).load(fromByteOffset: byteOffset, as: UInt64.self) ^ flip
            return min(value > origin ? value &- origin : 0, greatest) &>> down
        }
    }

    /// The key of rows in the bucket that one of them is in, to at most `bits` bits.
    func key(bucketOf row: PackedRow, bits: Int) -> Key {
        let slice = slices[Self.slice(of: row, classes)]
        let bucket = slice.bucket(of: Self.value(of: row, isByIdentity: isByIdentity))
        let kept = min(bits, Int(slice.shift))
        return Key(
            byteOffset: isByIdentity ? Self.identityOffset : Self.timeOffset, flip: isByIdentity ? 0 : Self.signBit,
            origin: slice.origin + bucket << UInt64(slice.shift),
            greatest: 1 << UInt64(slice.shift) - 1, down: UInt64(slice.shift) - UInt64(kept), bits: kept)
    }

    private static let timeOffset = MemoryLayout<PackedRow>.offset(of: \.registeredAt) ?? 0
    private static let identityOffset = MemoryLayout<PackedRow>.offset(of: \.identity) ?? 0
    private static let signBit: UInt64 = 1 << 63
}

/// Latencies in four classes, by quantiles of a sample.
private struct LatencyClasses {
    static let count = 4
    private static let quantiles = [0.5, 0.8, 0.95]
    private static let sampleCount = 2048

    private let second, third, fourth: Int32

    init(_ rows: [PackedRow]) {
        let step = max(1, rows.count / Self.sampleCount)
        let latencies = stride(from: 0, to: rows.count, by: step).map { rows[$0].attributes.latencyUs }.sorted()
        let starts = Self.quantiles.map { latencies.isEmpty ? 0 : latencies[Int(Double(latencies.count) * $0)] }
        (second, third, fourth) = (starts[0], starts[1], starts[2])
    }

    @inline(__always)
    func index(of latencyUs: Int32) -> Int {
        Self.isAtLeast(second, latencyUs) &+ Self.isAtLeast(third, latencyUs) &+ Self.isAtLeast(fourth, latencyUs)
    }

    /// 1 or 0, without a branch that the processor would guess wrong every other time. Neither is negative.
    @inline(__always)
    private static func isAtLeast(_ start: Int32, _ latencyUs: Int32) -> Int {
        Int(truncatingIfNeeded: UInt32(bitPattern: start &- 1 &- latencyUs) &>> 31)
    }
}

/// The values of some rows of the sample.
private struct SampledRange {
    private(set) var count = 0
    private(set) var least = UInt64.max
    private(set) var greatest = UInt64.min

    init() {}

    /// Of them all.
    init(_ parts: ArraySlice<SampledRange>) {
        for part in parts {
            count += part.count
            least = min(least, part.least)
            greatest = max(greatest, part.greatest)
        }
    }

    mutating func add(_ value: UInt64) {
        count += 1
        least = min(least, value)
        greatest = max(greatest, value)
    }
}

extension RowPartition.Slice {
    /// - Parameter wanted: rounded up to a power of two, as far as the range fills that many.
    fileprivate init(_ range: SampledRange, bucketsAtLeast wanted: Int, firstBucket: Int) {
        self.firstBucket = UInt32(firstBucket)
        guard range.count > 0 else { return }
        let width = UInt64.bitWidth - (range.greatest - range.least).leadingZeroBitCount
        shift = UInt16(min(max(0, width - (Int.bitWidth - (wanted - 1).leadingZeroBitCount)), UInt64.bitWidth - 1))
        // At a multiple of a bucket's values, so that some below the sample's least have their place.
        origin = (range.least >> UInt64(shift)) << UInt64(shift)
        lastBucket = UInt16((range.greatest - origin) >> UInt64(shift))
    }

    @inline(__always)
    fileprivate func bucket(of value: UInt64) -> UInt64 {
        min((value > origin ? value &- origin : 0) &>> UInt64(shift), UInt64(lastBucket))
    }
}
