import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// Turns blocks of rows into a row group in a frame. Used by one thread at a time; keeps its memory for reuse.
package final class RowGroupBuilder: @unchecked Sendable {
    // Unchecked: a builder has one owner at a time, handed on under the pipeline's lock.

    /// Blocks that one row group can be made of.
    package static let maximumBlockCount = RowOrder.maximumBlockCount

    private var order = RowOrder()
    private var columns = PageColumns()
    private var encoder: RowGroupEncoder
    private var counter = RollupCounter()

    /// - Parameters:
    ///   - rowCount: Rows that memory is taken for now, not as they come.
    ///   - pageRows: Rows of a page of integers.
    ///   - stringPageRows: Rows of a page of names.
    package init(
        populatedFor rowCount: Int = 0, pageRows: Int = RowGroupEncoder.defaultPageRows,
        stringPageRows: Int = RowGroupEncoder.defaultPageRows
    ) {
        encoder = RowGroupEncoder(schema: segmentSchema, pageRows: pageRows, stringPageRows: stringPageRows)
        guard rowCount > 0 else { return }
        order.populate(rowCount: rowCount)
        encoder.populate(rowCount: rowCount)
    }

    /// - Parameter outcomes: What became of attempts that brought no row, of the epochs that the row group ends.
    /// - Precondition: 1 … ``maximumBlockCount`` blocks with at least one row among them.
    /// - Complexity: O(rows)
    package func build(_ blocks: [RowBlock], outcomes: OutcomeTally = OutcomeTally(), into frame: FrameBuffer) {
        let rowCount = blocks.reduce(0) { $0 + $1.count }
        order.begin(blocks)
        columns.begin(rowCount: rowCount, waitingCapacity: encoder.pageRows + order.largestBucketRows)
        encoder.begin(rowCount: rowCount)
        while order.appendBucket(to: &columns) { columns.encodePages(with: &encoder) }
        columns.encodePages(with: &encoder, isLast: true)
        columns.encodeStrings(with: &encoder)
        frame.begin()
        let metadata = encoder.finish(into: &frame.bytes)
        for block in blocks { counter.add(block) }
        frame.end(rowGroup: metadata, rollup: counter.finish(), outcomes: outcomes)
    }
}
