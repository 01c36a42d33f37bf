import SpillwayPlatform

/// Puts rows in the order in which a row group of them takes the fewest bytes.
///
/// Sorting n rows by one column saves about log2(n) − 1.4 bits a row in that column, whichever it is, and as much
/// in every column that follows from it. So rows go by country, which leaves country and region in runs; within one,
/// telephone numbers go by themselves, as small gaps take fewer bits than 43 random ones, and other identities by time
/// (``RowPartition``).
///
/// Rows move once, into buckets that fit the first cache; each is then sorted by a key of some 16 bits. Rows that
/// agree in it stay as they arrived, which costs less than telling them apart would.
package struct RowOrder: ~Copyable {
    static let maximumBlockCount = 1024
    private static let indexBits: UInt64 = 24
    private static let digitBits = 8
    private static let digitCount = 1 << digitBits

    /// All rows, bucket by bucket.
    private var rowScratch = ScratchMemory()
    /// Room for the largest bucket's entries twice: each pass reads one half and writes the other.
    private var entryScratch = ScratchMemory()
    private var buckets: [Bucket] = []
    /// For each digit of a key, five at most, where entries with each value of it begin.
    private var digitStarts = [UInt32](
        repeating: 0, count: digitCount * Int(UInt64.bitWidth - Int(indexBits)) / digitBits)

    package init() {
        assert(Self.maximumBlockCount * RowBlock.capacity <= 1 << Self.indexBits)
    }

    /// One row: its key, and its place in the bucket.
    package struct Entry {
        fileprivate let bits: UInt64

        @inline(__always) var row: Int { Int(truncatingIfNeeded: bits & (1 << RowOrder.indexBits - 1)) }
        @inline(__always) fileprivate func digit(_ pass: Int) -> Int {
            Int(truncatingIfNeeded: bits &>> (RowOrder.indexBits &+ UInt64(pass &* RowOrder.digitBits)))
                & (digitCount - 1)
        }
    }

    /// Where a bucket's rows lie, and where its room ends.
    private struct Bucket {
        var start: Int
        var end: Int
        var limit: Int
    }

    /// Calls `body` with the rows of one bucket after the other, and the order that they go in.
    package mutating func sort(
        _ blocks: [RowBlock], _ body: (UnsafePointer<PackedRow>, UnsafeBufferPointer<Entry>) -> Void
    ) {
        precondition(blocks.count <= Self.maximumBlockCount)
        let partition = RowPartition(blocks)
        let rows = distribute(blocks, partition)
        for bucket in buckets where bucket.end > bucket.start {
            body(rows + bucket.start, order(rows + bucket.start, count: bucket.end - bucket.start, partition))
        }
    }

    /// Copies each row to its bucket. There is one more, for those that a bucket has no room for.
    private mutating func distribute(_ blocks: [RowBlock], _ partition: RowPartition) -> UnsafeMutablePointer<PackedRow>
    {
        let rowCount = blocks.reduce(0) { $0 + $1.count }
        if let rows = copy(blocks, partition, capacities: partition.capacities + [rowCount / 16]) { return rows }
        // The sample did not speak for all.
        var counts = [Int](repeating: 0, count: partition.capacities.count)
        counts.withUnsafeMutableBufferPointer { counts in
            _ = partition.forEachRow(of: blocks) { _, bucket in
                counts[bucket] += 1
                return true
            }
        }
        guard let rows = copy(blocks, partition, capacities: counts + [0]) else {
            preconditionFailure("each bucket has room for its rows")
        }
        return rows
    }

    /// Nil if rows are left that have no room.
    private mutating func copy(
        _ blocks: [RowBlock], _ partition: RowPartition, capacities: [Int]
    ) -> UnsafeMutablePointer<PackedRow>? {
        buckets.removeAll(keepingCapacity: true)
        var start = 0
        for capacity in capacities {
            buckets.append(Bucket(start: start, end: start, limit: start + capacity))
            start += capacity
        }
        let rows = rowScratch.room(byteCount: max(1, start) * MemoryLayout<PackedRow>.stride)
            .bindMemory(to: PackedRow.self, capacity: start)
        let overflow = capacities.count - 1
        let isComplete = buckets.withUnsafeMutableBufferPointer { buckets in
            partition.forEachRow(of: blocks) { row, bucket in
                let bucket = buckets[bucket].end < buckets[bucket].limit ? bucket : overflow
                guard buckets[bucket].end < buckets[bucket].limit else { return false }
                rows[buckets[bucket].end] = row
                buckets[bucket].end &+= 1
                return true
            }
        }
        return isComplete ? rows : nil
    }

    private mutating func order(
        _ rows: UnsafePointer<PackedRow>, count: Int, _ partition: RowPartition
    ) -> UnsafeBufferPointer<Entry> {
        let base = entryScratch.room(byteCount: 2 * count * MemoryLayout<Entry>.stride)
            .bindMemory(to: Entry.self, capacity: 2 * count)
        var (source, target) = (base, base + count)
        // Some bits more than tell the rows apart, were their values spread evenly.
        let bits = Int.bitWidth - count.leadingZeroBitCount + 4
        let key = partition.key(bucketOf: rows[0], bits: (bits + Self.digitBits - 1) / Self.digitBits * Self.digitBits)
        let passCount = (key.bits + Self.digitBits - 1) / Self.digitBits
        digitStarts.withUnsafeMutableBufferPointer { starts in
            starts[..<(passCount * Self.digitCount)].update(repeating: 0)
            for index in 0..<count {
                let entry = Entry(bits: key(rows[index]) << Self.indexBits | UInt64(index))
                source[index] = entry
                for pass in 0..<passCount { starts[entry.digit(pass) &+ pass &* Self.digitCount] &+= 1 }
            }
            for pass in 0..<passCount {
                let starts = UnsafeMutableBufferPointer(
                    rebasing: starts[(pass * Self.digitCount)...].prefix(Self.digitCount))
                Self.scatter(pass, count, from: source, to: target, starts)
                swap(&source, &target)
            }
        }
        return UnsafeBufferPointer(start: source, count: count)
    }

    /// Expects at `starts` how often each digit occurs.
    private static func scatter(
        _ pass: Int, _ count: Int, from source: UnsafePointer<Entry>, to target: UnsafeMutablePointer<Entry>,
        _ starts: UnsafeMutableBufferPointer<UInt32>
    ) {
        var start: UInt32 = 0
        for digit in starts.indices { (starts[digit], start) = (start, start &+ starts[digit]) }
        for index in 0..<count {
            let entry = source[index]
            let digit = entry.digit(pass)
            target[Int(starts[digit])] = entry
            starts[digit] &+= 1
        }
    }
}
