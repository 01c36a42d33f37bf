import SpillwayParquet

/// The columns of a recording, by the names that a header or a schema gives them.
enum RecordingColumn: String, CaseIterable, Sendable {
    case registeredAt = "registered_at"
    case identity
    case country
    /// Follows from the country: written for people, not read.
    case region
    case platform
    case source
    case latencyUs = "latency_us"
    /// When the attempt was made; where it is missing, attempts arrive when they were registered.
    case arrivedAt = "arrived_at"

    var type: ColumnType {
        switch self {
        case .registeredAt, .arrivedAt: .timestampMicros
        case .identity: .int64
        case .country, .region, .platform, .source: .string
        case .latencyUs: .int32
        }
    }

    /// As messages list them.
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
