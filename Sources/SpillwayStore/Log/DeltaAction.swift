/// One line of a Delta log commit (delta-io/delta PROTOCOL.md, "Actions"), as far as a store writes and reads
/// them. Unknown actions and fields are passed over, as the protocol asks.
struct DeltaAction: Codable {
    var protocolVersions: ProtocolVersions?
    var metaData: MetaData?
    var commitInfo: CommitInfo?
    var txn: Transaction?
    var add: AddFile?
    var remove: RemoveFile?

    enum CodingKeys: String, CodingKey {
        case protocolVersions = "protocol"
        case metaData, commitInfo, txn, add, remove
    }

    struct ProtocolVersions: Codable {
        var minReaderVersion: Int
        var minWriterVersion: Int
    }

    struct MetaData: Codable {
        struct Format: Codable {
            var provider = "parquet"
            var options: [String: String] = [:]
        }
        var id: String
        var format = Format()
        var schemaString: String
        var partitionColumns: [String] = []
        var configuration: [String: String] = [:]
        var createdTime: Int64
    }

    struct CommitInfo: Codable {
        /// Milliseconds since 1970.
        var timestamp: Int64
        var operation: String
        var engineInfo: String
        /// Lines of the version, this one included; nil in those of other programs.
        var lines: Int?
        /// The digits of the version's ``EmbeddedChecksum``.
        var crc32c: String?
    }

    struct Transaction: Codable {
        var appId: String
        var version: Int64
        var lastUpdated: Int64?
    }

    struct AddFile: Codable {
        var path: String
        var partitionValues: [String: String] = [:]
        var size: Int64
        var modificationTime: Int64
        var dataChange: Bool
        var stats: String?
    }

    struct RemoveFile: Codable {
        var path: String
        var deletionTimestamp: Int64?
        var dataChange: Bool
    }
}

/// The statistics in an `add` action (PROTOCOL.md, "Per-file Statistics").
struct DeltaStatistics: Codable, Hashable {
    struct Values: Codable, Hashable {
        var registeredAt: String?
        var latencyUs: Int64?

        enum CodingKeys: String, CodingKey {
            case registeredAt = "registered_at"
            case latencyUs = "latency_us"
        }
    }
    var numRecords: Int
    var minValues: Values
    var maxValues: Values
    var nullCount: [String: Int]
}

/// A table's schema (PROTOCOL.md, "Schema Serialization Format").
struct DeltaSchema: Codable {
    struct Field: Codable {
        var name: String
        var type: String
        var nullable = false
        var metadata: [String: String] = [:]
    }
    var type = "struct"
    var fields: [Field]
}
