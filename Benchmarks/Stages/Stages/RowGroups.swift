import SpillwayModel
import SpillwayStore

/// Putting rows in the order that takes the fewest bytes, and into columns: bucket by bucket, and by key within each.
final class Ordering: StageWork {
    private let blocks: [RowBlock]
    private var order = RowOrder()
    private var columns = PageColumns()
    let unitCount: Int

    init(rows: Int, _ identities: SurgeBatch.Identities) {
        blocks = RowBlockPool().pack(SurgeBatch.make(rows: rows, identities))
        unitCount = rows
    }

    func run() throws {
        order.begin(blocks)
        columns.begin(rowCount: unitCount, waitingCapacity: unitCount)
        while order.appendBucket(to: &columns) {}
        guard columns.count == unitCount else {
            throw StageError(description: "ordered \(columns.count) of \(unitCount) rows")
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

    func run() { JournalRecord.write(blocks, .none, into: frame) }
}
