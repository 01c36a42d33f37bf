import SpillwayModel

/// Which of some hundred buckets each row of a row group falls into. From bucket to bucket rows go by country, and
/// within a country by a value that ascends.
///
/// How many buckets a country has, and for which values, is judged by a sample of the rows; a value beyond the
/// sample's range falls into the country's first or last bucket.
struct RowPartition {
    /// Rows that a bucket is meant to have: they and their columns stay in the processor's first cache.
    private static let rowsPerBucket = 1024
    /// Of this many rows in a block, that many are looked at: side by side, as they share cache lines.
    private static let samplePeriod = 64
    private static let sampleLength = 8
    /// The largest value of 15 digits, as many as an E.164 number can have.
    private static let maximumTelephoneNumber: UInt64 = 999_999_999_999_999

    /// A country's buckets: of 2^shift values each, from `origin` on.
    fileprivate struct Slice {
        var origin: UInt64 = 0
        var shift: UInt64 = 0
        var firstBucket = 0
        /// From the first bucket.
        var lastBucket: UInt64 = 0
    }

    /// By the country's index.
    private let slices: [Slice]
    private let isByIdentity: Bool
    /// Rows that each bucket will hardly have more of.
    let capacities: [Int]

    /// - Complexity: O(rows / 8)
    init(_ blocks: [RowBlock]) {
        let rows = Self.sample(of: blocks)
        let isByIdentity = rows.allSatisfy { $0.identity <= Self.maximumTelephoneNumber }
        var ranges = [SampledRange](repeating: SampledRange(), count: 1 << UInt8.bitWidth)
        for row in rows {
            ranges[Int(row.attributes.country.index)].add(Self.value(of: row, isByIdentity: isByIdentity))
        }
        let rowCount = blocks.reduce(0) { $0 + $1.count }
        let rowsPerSampled = Double(rowCount) / Double(max(1, rows.count))
        var next = 0
        let slices = ranges.map { range in
            let rowsExpected = Double(range.count) * rowsPerSampled
            let slice = Slice(range, bucketsAtLeast: max(1, Int(rowsExpected) / Self.rowsPerBucket), firstBucket: next)
            next += Int(slice.lastBucket) + 1
            return slice
        }
        var counts = [Int](repeating: 0, count: next)
        self.isByIdentity = isByIdentity
        self.slices = slices
        slices.withUnsafeBufferPointer { slices in
            for row in rows { counts[Self.bucket(of: row, slices, isByIdentity: isByIdentity)] += 1 }
        }
        // Four standard deviations more than the sample lets expect.
        capacities = counts.map { count in
            Int((Double(count) + 4 * Double(count).squareRoot() + 4) * rowsPerSampled)
        }
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
        isByIdentity ? row.identity : UInt64(bitPattern: row.registeredAt) ^ 1 << 63
    }

    @inline(__always)
    private static func bucket(of row: PackedRow, _ slices: UnsafeBufferPointer<Slice>, isByIdentity: Bool) -> Int {
        let slice = slices[Int(row.attributes.country.index)]
        let value = value(of: row, isByIdentity: isByIdentity)
        let offset = value > slice.origin ? value &- slice.origin : 0
        return slice.firstBucket &+ Int(truncatingIfNeeded: min(offset &>> slice.shift, slice.lastBucket))
    }

    /// Calls `body` with each row and its bucket, until it returns false; then so does this.
    @inline(__always)
    func forEachRow(of blocks: [RowBlock], _ body: (PackedRow, Int) -> Bool) -> Bool {
        slices.withUnsafeBufferPointer { slices in
            for block in blocks {
                for index in 0..<block.count {
                    let row = block.rows[index]
                    if !body(row, Self.bucket(of: row, slices, isByIdentity: isByIdentity)) { return false }
                }
            }
            return true
        }
    }

    /// Where a row stands within its bucket, `bits` bits wide.
    struct Key {
        fileprivate let isByIdentity: Bool
        fileprivate let origin: UInt64
        fileprivate let greatest: UInt64
        fileprivate let down: UInt64
        let bits: Int

        @inline(__always)
        func callAsFunction(_ row: PackedRow) -> UInt64 {
            let value = RowPartition.value(of: row, isByIdentity: isByIdentity)
            return min(value > origin ? value &- origin : 0, greatest) &>> down
        }
    }

    /// The key of rows in the bucket that one of them is in, to at most `bits` bits.
    func key(bucketOf row: PackedRow, bits: Int) -> Key {
        let slice = slices[Int(row.attributes.country.index)]
        let value = Self.value(of: row, isByIdentity: isByIdentity)
        let bucket = min((value > slice.origin ? value - slice.origin : 0) >> slice.shift, slice.lastBucket)
        let kept = min(bits, Int(slice.shift))
        return Key(
            isByIdentity: isByIdentity, origin: slice.origin + bucket << slice.shift,
            greatest: 1 << slice.shift - 1, down: slice.shift - UInt64(kept), bits: kept)
    }
}

/// The values of a country in the sample.
private struct SampledRange {
    var count = 0
    var least = UInt64.max
    var greatest = UInt64.min

    mutating func add(_ value: UInt64) {
        count += 1
        least = min(least, value)
        greatest = max(greatest, value)
    }
}

extension RowPartition.Slice {
    /// - Parameter wanted: rounded up to a power of two, as far as the range fills that many.
    fileprivate init(_ range: SampledRange, bucketsAtLeast wanted: Int, firstBucket: Int) {
        self.firstBucket = firstBucket
        guard range.count > 0 else { return }
        let width = UInt64.bitWidth - (range.greatest - range.least).leadingZeroBitCount
        shift = UInt64(min(max(0, width - (Int.bitWidth - (wanted - 1).leadingZeroBitCount)), UInt64.bitWidth - 1))
        // At a multiple of a bucket's values, so that some below the sample's least have their place.
        origin = (range.least >> shift) << shift
        lastBucket = (range.greatest - origin) >> shift
    }
}
