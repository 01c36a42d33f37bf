import SpillwayModel
import SpillwayParquet

/// Row count and value ranges of a segment, as the table's log repeats them for readers that skip files.
struct SegmentStatistics: Hashable, Sendable {
    var rowCount = 0
    var registeredAt: ClosedRange<Int64>?
    var identity: ClosedRange<Int64>?
    var latencyUs: ClosedRange<Int64>?

    init(_ rowGroups: [RowGroupMetadata]) {
        for rowGroup in rowGroups {
            rowCount += rowGroup.rowCount
            Self.widen(&registeredAt, by: rowGroup.integerRange(of: .registeredAt))
            Self.widen(&identity, by: rowGroup.integerRange(of: .identity))
            Self.widen(&latencyUs, by: rowGroup.integerRange(of: .latencyUs))
        }
    }

    private static func widen(_ range: inout ClosedRange<Int64>?, by other: ClosedRange<Int64>?) {
        guard let other else { return }
        guard let known = range else {
            range = other
            return
        }
        range = min(known.lowerBound, other.lowerBound)...max(known.upperBound, other.upperBound)
    }
}

extension RowGroupMetadata {
    /// The smallest and largest value of an integer column, from the chunk's statistics; nil if it has none.
    package func integerRange(of column: SegmentColumn) -> ClosedRange<Int64>? {
        let chunk = columns[column.rawValue]
        return chunk.type.integerRange(chunk.min, chunk.max)
    }
}
