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
        order.sort(blocks) { entries in ordered += entries.count }
        guard ordered == unitCount else { throw StageError(description: "ordered \(ordered) of \(unitCount) rows") }
    }
}

/// Taking rows out of their blocks, in order, into columns.
final class Gathering: StageWork {
    private let blocks: [RowBlock]
    /// Bucket by bucket.
    private let order: [[RowOrder.Entry]]
    private var columns = GatheredColumns()
    let unitCount: Int

    init(rows: Int) {
        unitCount = rows
        blocks = RowBlockPool().pack(SurgeBatch.make(rows: rows, .e164))
        var rowOrder = RowOrder()
        var order: [[RowOrder.Entry]] = []
        rowOrder.sort(blocks) { order.append(Array($0)) }
        self.order = order
    }

    func run() {
        columns.begin(blocks)
        for bucket in order { bucket.withUnsafeBufferPointer { columns.append($0) } }
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
