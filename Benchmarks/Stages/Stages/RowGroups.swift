import SpillwayModel
import SpillwayStore

/// Putting rows in the order that takes the fewest bytes: bucket by bucket, and by key within each.
final class Ordering: StageWork {
    private let blocks: [RowBlock]
    private var order = RowOrder()
    let unitCount: Int

    init(rows: Int, _ identities: SurgeBatch.Identities) {
        blocks = RowBlockPool().pack(SurgeBatch.make(rows: rows, identities))
        unitCount = rows
    }

    func run() throws {
        var ordered = 0
        order.sort(blocks) { _, entries in ordered += entries.count }
        guard ordered == unitCount else { throw StageError(description: "ordered \(ordered) of \(unitCount) rows") }
    }
}

/// Taking rows out of their buckets, in order, into columns.
final class Gathering: StageWork {
    private struct OrderedBucket {
        let rows: [PackedRow]
        let order: [RowOrder.Entry]
    }

    private var buckets: [OrderedBucket] = []
    private var columns = GatheredColumns()
    let unitCount: Int

    init(rows: Int) {
        unitCount = rows
        var order = RowOrder()
        let blocks = RowBlockPool().pack(SurgeBatch.make(rows: rows, .e164))
        var buckets: [OrderedBucket] = []
        order.sort(blocks) { rows, entries in
            let rows = UnsafeBufferPointer(start: rows, count: entries.count)
            buckets.append(OrderedBucket(rows: Array(rows), order: Array(entries)))
        }
        self.buckets = buckets
    }

    func run() {
        columns.begin(rowCount: unitCount)
        for bucket in buckets {
            bucket.rows.withUnsafeBufferPointer { rows in
                bucket.order.withUnsafeBufferPointer { order in
                    if let rows = rows.baseAddress { columns.append(rows, in: order) }
                }
            }
        }
    }
}

/// All that makes a row group of rows in memory: order, gather, encode, compress, checksum.
final class RowGroupBuilding: StageWork {
    private let blocks: [RowBlock]
    private let builder = RowGroupBuilder()
    private let frame = FrameBuffer()
    let unitCount: Int

    init(rows: Int, _ identities: SurgeBatch.Identities) {
        blocks = RowBlockPool().pack(SurgeBatch.make(rows: rows, identities))
        unitCount = rows
    }

    func run() { builder.build(blocks, into: frame) }
}

/// What a small epoch becomes.
final class JournalWriting: StageWork {
    private let blocks: [RowBlock]
    private let frame = FrameBuffer()
    let unitCount: Int

    /// An epoch of more rows goes into row groups.
    private static let maximumRows = 32_768

    init(rows: Int) {
        unitCount = min(rows, Self.maximumRows)
        blocks = RowBlockPool().pack(SurgeBatch.make(rows: unitCount, .e164))
    }

    func run() { JournalRecord.write(blocks, into: frame) }
}
