import SpillwayPlatform

/// Puts rows in the order in which a row group of them takes the fewest bytes.
///
/// Sorting n rows by one column saves about log2(n) − 1.4 bits a row in that column, whichever it is, and as much
/// in every column that follows from it. So rows go by country, which leaves country and region in runs; within one,
/// telephone numbers go by themselves, as small gaps take fewer bits than 43 random ones, and other identities by time
/// (``RowPartition``).
///
/// Entries for the rows go to buckets that fit the first cache; each is then sorted by some 16 bits. Rows that agree in
/// them stay as they arrived, which costs less than telling them apart would.
struct RowOrder: ~Copyable {
    /// One row: the highest bits of its key, its block, and its place in the block.
    struct Entry {
        fileprivate static let rowBits: UInt64 = 14
        fileprivate static let blockBits: UInt64 = 10
        private let bits: UInt64

        @inline(__always)
        fileprivate init(key: UInt64, block: Int, row: Int) {
            let place = UInt64(truncatingIfNeeded: block) &<< Self.rowBits | UInt64(truncatingIfNeeded: row)
            bits = key & ~(1 << (Self.rowBits + Self.blockBits) - 1) | place
        }

        @inline(__always) var row: Int { Int(truncatingIfNeeded: bits & (1 << Self.rowBits - 1)) }
        @inline(__always) var block: Int {
            Int(truncatingIfNeeded: bits >> Self.rowBits & (1 << Self.blockBits - 1))
        }

        /// Of the key's digits, counted from the highest.
        @inline(__always)
        fileprivate func digit(_ number: Int) -> Int {
            Int(truncatingIfNeeded: bits &>> UInt64(64 &- RowOrder.digitBits &* (number &+ 1))) & (digitCount - 1)
        }
    }

    static let maximumBlockCount = 1 << Int(Entry.blockBits)
    private static let digitBits = 8
    private static let digitCount = 1 << digitBits
    /// Whole digits of the key that an entry has room for.
    private static let maximumDigits = 5

    /// All entries, bucket by bucket.
    private var entryScratch = ScratchMemory()
    /// Room for the largest bucket's entries, to sort them to and fro.
    private var sortScratch = ScratchMemory()
    private var buckets: [Bucket] = []
    /// For each digit of a key, where entries with each value of it begin.
    private var digitStarts = [UInt32](repeating: 0, count: maximumDigits * digitCount)

    init() {
        assert(RowBlock.capacity == 1 << Int(Entry.rowBits))
    }

    /// Where a bucket's entries lie, and where its room ends.
    private struct Bucket {
        var start: Int
        var end: Int
        var limit: Int

        var count: Int { end - start }
    }

    /// Calls `body` with the entries of one bucket after the other, in order.
    mutating func sort(_ blocks: [RowBlock], _ body: (UnsafeBufferPointer<Entry>) -> Void) {
        precondition(blocks.count <= Self.maximumBlockCount)
        let entries = distribute(blocks)
        let largest = buckets.reduce(0) { max($0, $1.count) }
        let spare = sortScratch.room(byteCount: max(1, largest) * MemoryLayout<Entry>.stride)
            .bindMemory(to: Entry.self, capacity: largest)
        for bucket in buckets where bucket.count > 0 {
            body(sort(entries + bucket.start, count: bucket.count, with: spare))
        }
    }

    /// Puts each row's entry into its bucket. There is one bucket more, for those that theirs has no room for.
    private mutating func distribute(_ blocks: [RowBlock]) -> UnsafeMutablePointer<Entry> {
        let partition = RowPartition(blocks)
        let rowCount = blocks.reduce(0) { $0 + $1.count }
        let allowance = rowCount / 16
        if let entries = place(blocks, partition, capacities: partition.capacities + [allowance]) { return entries }
        // The sample did not speak for all.
        var counts = [Int](repeating: 0, count: partition.capacities.count)
        counts.withUnsafeMutableBufferPointer { counts in
            _ = partition.forEachPlace(of: blocks) { place, _, _ in
                counts[place.bucket] += 1
                return true
            }
        }
        guard let entries = place(blocks, partition, capacities: counts + [0]) else {
            preconditionFailure("each bucket has room for its rows")
        }
        return entries
    }

    /// Nil if rows are left that have no room.
    private mutating func place(
        _ blocks: [RowBlock], _ partition: RowPartition, capacities: [Int]
    ) -> UnsafeMutablePointer<Entry>? {
        buckets.removeAll(keepingCapacity: true)
        var start = 0
        for capacity in capacities {
            buckets.append(Bucket(start: start, end: start, limit: start + capacity))
            start += capacity
        }
        let entries = entryScratch.room(byteCount: max(1, start) * MemoryLayout<Entry>.stride)
            .bindMemory(to: Entry.self, capacity: start)
        let overflow = capacities.count - 1
        let isComplete = buckets.withUnsafeMutableBufferPointer { buckets in
            partition.forEachPlace(of: blocks) { place, block, row in
                let bucket = buckets[place.bucket].end < buckets[place.bucket].limit ? place.bucket : overflow
                guard buckets[bucket].end < buckets[bucket].limit else { return false }
                entries[buckets[bucket].end] = Entry(key: place.key, block: block, row: row)
                buckets[bucket].end &+= 1
                return true
            }
        }
        return isComplete ? entries : nil
    }

    /// By as many digits as tell the entries apart, were their keys spread evenly, and four bits more.
    private mutating func sort(
        _ entries: UnsafeMutablePointer<Entry>, count: Int, with spare: UnsafeMutablePointer<Entry>
    ) -> UnsafeBufferPointer<Entry> {
        let bits = Int.bitWidth - count.leadingZeroBitCount + 4
        let digits = min((bits + Self.digitBits - 1) / Self.digitBits, Self.maximumDigits)
        var (source, target) = (entries, spare)
        digitStarts.withUnsafeMutableBufferPointer { starts in
            starts[..<(digits * Self.digitCount)].update(repeating: 0)
            for index in 0..<count {
                let entry = source[index]
                for digit in 0..<digits { starts[entry.digit(digit) &+ digit &* Self.digitCount] &+= 1 }
            }
            for digit in (0..<digits).reversed() {
                let starts = starts[(digit * Self.digitCount)...].prefix(Self.digitCount)
                Self.scatter(digit, count, from: source, to: target, UnsafeMutableBufferPointer(rebasing: starts))
                swap(&source, &target)
            }
        }
        return UnsafeBufferPointer(start: source, count: count)
    }

    /// Expects at `starts` how often each value of the digit occurs.
    private static func scatter(
        _ digit: Int, _ count: Int, from source: UnsafePointer<Entry>, to target: UnsafeMutablePointer<Entry>,
        _ starts: UnsafeMutableBufferPointer<UInt32>
    ) {
        var start: UInt32 = 0
        for value in starts.indices { (starts[value], start) = (start, start &+ starts[value]) }
        for index in 0..<count {
            let entry = source[index]
            let value = entry.digit(digit)
            target[Int(starts[value])] = entry
            starts[value] &+= 1
        }
    }
}
