import SpillwayModel
import SpillwayPlatform

/// Puts rows in the order in which a row group of them takes the fewest bytes.
///
/// Sorting n rows by one column saves about log2(n) − 1.4 bits a row in that column, whichever it is, and as much
/// in every column that follows from it. So rows go by country, which leaves country and region in runs; within one,
/// telephone numbers go by themselves, as small gaps take fewer bits than 43 random ones, and other identities by time
/// (``RowPartition``).
///
/// Rows move once, into buckets that fit the first cache (``RowBuckets``); each is then sorted by a key of some 16 bits.
/// Rows that agree in it stay as they arrived, which costs less than telling them apart would.
package struct RowOrder: ~Copyable {
    package static let maximumBlockCount = 1024
    private static let digitBits = 8
    private static let digitCount = 1 << digitBits

    private var buckets = RowBuckets()
    private var nextBucket = 0
    /// Room for the largest bucket's entries twice: each pass but the last reads one half and writes the other.
    private var entryScratch = ScratchMemory()
    /// Where entries with each value of a digit begin.
    private var digitStarts = [UInt32](repeating: 0, count: digitCount)

    package init() {}

    mutating func populate(rowCount: Int) { buckets.populate(rowCount: rowCount) }

    package mutating func begin(_ blocks: [RowBlock]) {
        precondition(blocks.count <= Self.maximumBlockCount)
        buckets.fill(blocks)
        nextBucket = 0
    }

    /// Rows that ``appendBucket(to:)`` appends at most.
    package var largestBucketRows: Int { (0..<buckets.count).reduce(0) { max($0, buckets.rowCount(of: $1)) } }

    /// Appends the next bucket's rows in order; false if there is none.
    package mutating func appendBucket(to columns: inout PageColumns) -> Bool {
        guard nextBucket < buckets.count else { return false }
        var rows = buckets[nextBucket]
        let isMixed = buckets.mixed.contains(nextBucket)
        nextBucket += 1
        guard let start = rows.baseAddress, !rows.isEmpty else { return true }
        if isMixed {
            rows.sort { ($0.attributes.country.index, $0.identity) < ($1.attributes.country.index, $1.identity) }
            let room = columns.room(for: rows.count)
            for index in rows.indices { room.set(index, rows[index]) }
            for row in rows { columns.grow(by: 1, country: row.attributes.country) }
        } else {
            sort(start, count: rows.count, into: columns.room(for: rows.count))
            columns.grow(by: rows.count, country: rows[0].attributes.country)
        }
        return true
    }

    /// By the key's digits, the lowest first. Rows themselves move in the last pass only, to their columns.
    private mutating func sort(_ rows: UnsafePointer<PackedRow>, count: Int, into room: PageColumns.Room) {
        let entries = entryScratch.room(byteCount: 2 * count * MemoryLayout<Entry>.stride)
            .bindMemory(to: Entry.self, capacity: 2 * count)
        var (source, target) = (entries, entries + count)
        // Some bits more than tell the rows apart, were their values spread evenly.
        let bits = Int.bitWidth - count.leadingZeroBitCount + 4
        let key = buckets.partition.key(
            bucketOf: rows[0], bits: (bits + Self.digitBits - 1) / Self.digitBits * Self.digitBits)
        for index in 0..<count { source[index] = Entry(key: key(rows + index), index: index) }
        let lastPass = max(1, (key.bits + Self.digitBits - 1) / Self.digitBits) - 1
        digitStarts.withUnsafeMutableBufferPointer { starts in
            for pass in 0..<lastPass {
                Self.findStarts(of: pass, source, count, starts)
                for place in 0..<count { target[Self.next(source[place].digit(pass), starts)] = source[place] }
                swap(&source, &target)
            }
            Self.findStarts(of: lastPass, source, count, starts)
            for place in 0..<count {
                let entry = source[place]
                room.set(Self.next(entry.digit(lastPass), starts), rows[entry.index])
            }
        }
    }

    /// One row: its key, and its place in the bucket.
    private struct Entry {
        private static let indexBits: UInt64 = 24
        private let bits: UInt64

        @inline(__always)
        init(key: UInt64, index: Int) {
            bits = key << Self.indexBits | UInt64(truncatingIfNeeded: index)
        }

        @inline(__always) var index: Int { Int(truncatingIfNeeded: bits & (1 << Self.indexBits - 1)) }
        @inline(__always)
        func digit(_ pass: Int) -> Int {
            Int(truncatingIfNeeded: bits &>> (Self.indexBits &+ UInt64(truncatingIfNeeded: pass &* RowOrder.digitBits)))
                & (RowOrder.digitCount - 1)
        }
    }

    /// Where entries with each value of a digit begin.
    @inline(__always)
    private static func findStarts(
        of pass: Int, _ entries: UnsafePointer<Entry>, _ count: Int, _ starts: UnsafeMutableBufferPointer<UInt32>
    ) {
        starts.update(repeating: 0)
        for place in 0..<count { starts[entries[place].digit(pass)] &+= 1 }
        var start: UInt32 = 0
        for digit in starts.indices { (starts[digit], start) = (start, start &+ starts[digit]) }
    }

    @inline(__always)
    private static func next(_ digit: Int, _ starts: UnsafeMutableBufferPointer<UInt32>) -> Int {
        let place = starts[digit]
        starts[digit] = place &+ 1
        return Int(place)
    }
}
