import CSpillwayKernels
import SpillwayPlatform

/// The rows of a row group, each moved once to a bucket with those that come near it in the group's order.
struct RowBuckets: ~Copyable {
    /// Where a bucket's next row goes, and where its room ends.
    private struct Cursor {
        var next: UInt32
        var limit: UInt32
    }

    /// How far ahead of a row the memory behind it is asked for: a cache line or two, which later rows then find.
    private static let rowsAhead = 4

    private var scratch = ScratchMemory()
    private var rows: UnsafeMutablePointer<PackedRow>?
    private var cursors: [Cursor] = []
    /// Where each bucket begins.
    private var starts: [Int] = []
    /// The last one has rows that a bucket had no room for, the last but one those that the partition did not foresee.
    private(set) var partition = RowPartition([])

    mutating func populate(rowCount: Int) {
        // Each bucket has some room to spare.
        scratch.populate(byteCount: (rowCount + rowCount / 4) * MemoryLayout<PackedRow>.stride)
    }

    var count: Int { starts.count }
    /// Whose rows need not be of one slice of the partition.
    var mixed: Range<Int> { count - 2..<count }

    /// Rows that a bucket holds.
    func rowCount(of bucket: Int) -> Int { Int(cursors[bucket].next) - starts[bucket] }

    /// A bucket's rows, in the order in which they came. They stay until the buckets are filled anew.
    subscript(bucket: Int) -> UnsafeMutableBufferPointer<PackedRow> {
        UnsafeMutableBufferPointer(start: rows.map { $0 + starts[bucket] }, count: rowCount(of: bucket))
    }

    /// Copies each row to its bucket.
    mutating func fill(_ blocks: [RowBlock]) {
        partition = RowPartition(blocks)
        let rowCount = blocks.reduce(0) { $0 + $1.count }
        if copy(blocks, capacities: partition.capacities + [rowCount / 16]) { return }
        // The sample did not speak for all.
        let isComplete = copy(blocks, capacities: partition.counts(of: blocks) + [0])
        precondition(isComplete, "each bucket has room for its rows")
    }

    /// False if rows are left that have no room.
    private mutating func copy(_ blocks: [RowBlock], capacities: [Int]) -> Bool {
        cursors.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        var start = 0
        for capacity in capacities {
            starts.append(start)
            cursors.append(Cursor(next: UInt32(start), limit: UInt32(start + capacity)))
            start += capacity
        }
        let rows = scratch.room(byteCount: max(1, start) * MemoryLayout<PackedRow>.stride)
            .bindMemory(to: PackedRow.self, capacity: start)
        self.rows = rows
        let overflow = capacities.count - 1
        return cursors.withUnsafeMutableBufferPointer { cursors in
            partition.forEachRow(of: blocks) { row, bucket in
                let bucket = cursors[bucket].next < cursors[bucket].limit ? bucket : overflow
                let next = cursors[bucket].next
                guard next < cursors[bucket].limit else { return false }
                rows[Int(next)] = row
                spillway_prefetch_for_writing(rows + Int(next) + Self.rowsAhead)
                cursors[bucket].next = next &+ 1
                return true
            }
        }
    }
}
