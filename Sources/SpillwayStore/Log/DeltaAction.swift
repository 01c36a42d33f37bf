/// One line of a Delta log commit (delta-io/delta PROTOCOL.md, "Actions"), as far as a store writes and reads
/// them. Unknown actions and fields are passed over, as the protocol asks.
struct DeltaAction: Codable, Hashable {
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

    struct ProtocolVersions: Codable, Hashable {
        var minReaderVersion: Int
        var minWriterVersion: Int
    }

    struct MetaData: Codable, Hashable {
        struct Format: Codable, Hashable {
            var provider = "parquet"
            var options: [String: String] = [:]
        }
        var id: String
        var name: String?
        var description: String?
        var format = Format()
        var schemaString: String
        var partitionColumns: [String] = []
        var configuration: [String: String] = [:]
        var createdTime: Int64
    }

    struct CommitInfo: Codable, Hashable {
        /// Milliseconds since 1970.
        var timestamp: Int64
        var operation: String
        var engineInfo: String
        /// Lines of the version, this one included; nil in those of other programs.
        var lines: Int?
        /// The digits of the version's ``EmbeddedChecksum``.
        var crc32c: String?
    }

    struct Transaction: Codable, Hashable {
        var appId: String
        var version: Int64
        var lastUpdated: Int64?
    }

    struct AddFile: Codable, Hashable {
        var path: String
        var partitionValues: [String: String] = [:]
        var size: Int64
        var modificationTime: Int64
        var dataChange: Bool
        var stats: String?
    }

    struct RemoveFile: Codable, Hashable {
        var path: String
        var deletionTimestamp: Int64?
        var dataChange: Bool
        /// Whether what follows is there; older writers leave it out.
        var extendedFileMetadata: Bool?
        var partitionValues: [String: String]?
        var size: Int64?
    }
}

extension DeltaAction.RemoveFile {
    /// Takes a file out of the table.
    init(_ file: DeltaAction.AddFile, atMs: Int64, dataChange: Bool) {
        self.init(
            path: file.path, deletionTimestamp: atMs, dataChange: dataChange, extendedFileMetadata: true,
            partitionValues: file.partitionValues, size: file.size)
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
