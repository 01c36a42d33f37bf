import SpillwayModel
import SpillwayStore

/// Putting rows in the order that takes the fewest bytes.
final class Ordering: StageWork {
    private let blocks: [RowBlock]
    private var order = RowOrder()
    let unitCount: Int

    init(rows: Int, _ identities: SurgeBatch.Identities) {
        blocks = RowBlockPool().pack(SurgeBatch.make(rows: rows, identities))
        unitCount = rows
    }

    func run() { order.sort(blocks) }
}

/// Taking rows out of their blocks, in order, into columns.
final class Gathering: StageWork {
    private let blocks: [RowBlock]
    private var order = RowOrder()
    private var columns = GatheredColumns()
    let unitCount: Int

    init(rows: Int) {
        blocks = RowBlockPool().pack(SurgeBatch.make(rows: rows, .e164))
        unitCount = rows
        order.sort(blocks)
    }

    func run() { columns.gather(blocks, in: order) }
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
