import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Rows that are read at once.
enum RowSource {
    case rowGroup(RowGroupMetadata, any File)
    /// Of small epochs that are in no row group yet.
    case journal(RegistrationBatch)

    var rowCount: Int {
        switch self {
        case .rowGroup(let metadata, _): metadata.rowCount
        case .journal(let rows): rows.count
        }
    }

    /// The range of an integer column; nil if there are no rows.
    func range(of column: SegmentColumn) throws(StoreError) -> ClosedRange<Int64>? {
        switch self {
        case .rowGroup(let metadata, let file):
            if let range = metadata.integerRange(of: column) { return range }
            throw .damaged(
                path: file.path, offset: metadata.columns[column.rawValue].offset,
                problem: "column \(column.name) has no statistics")
        case .journal(let rows):
            return switch column {
            case .latencyUs: Self.bounds(rows.latencyUs.lazy.map(Int64.init))
            case .identity: Self.bounds(rows.identity.lazy.map { Int64(bitPattern: $0.rawValue) })
            default: Self.bounds(rows.registeredAt.lazy.map(\.rawValue))
            }
        }
    }

    private static func bounds(_ values: some Collection<Int64>) -> ClosedRange<Int64>? {
        guard let least = values.min(), let greatest = values.max() else { return nil }
        return least...greatest
    }
}
