import SpillwayModel
import SpillwayParquet

/// The columns of every segment, in file order.
package enum SegmentColumn: Int, CaseIterable, Sendable {
    case registeredAt, identity, country, region, platform, source, latencyUs

    package var name: String {
        switch self {
        case .registeredAt: "registered_at"
        case .identity: "identity"
        case .country: "country"
        case .region: "region"
        case .platform: "platform"
        case .source: "source"
        case .latencyUs: "latency_us"
        }
    }

    var type: ColumnType {
        switch self {
        case .registeredAt: .timestampMicros
        case .identity: .int64
        case .country, .region, .platform, .source: .string
        case .latencyUs: .int32
        }
    }

    /// The column's type in a Delta table's schema (PROTOCOL.md, "Schema Serialization Format").
    var deltaType: String {
        switch self {
        case .registeredAt: "timestamp"
        case .identity: "long"
        case .country, .region, .platform, .source: "string"
        case .latencyUs: "integer"
        }
    }
}

package let segmentSchema = ParquetSchema(
    columns: SegmentColumn.allCases.map { ParquetColumn(name: $0.name, type: $0.type) })
