import SpillwayParquet
import SpillwayStore

/// A row group of a view, and the times that are in it.
struct RowGroupPlace: Sendable {
    /// Among the view's.
    let segment: Int
    let metadata: RowGroupMetadata
    /// Nil if it has no rows.
    let times: ClosedRange<Int64>?
}
