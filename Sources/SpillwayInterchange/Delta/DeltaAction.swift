/// A line of a Delta log, whoever wrote it (delta-io/delta PROTOCOL.md, "Actions"), as far as it says which files hold
/// the table's rows. Whatever else it holds is passed over, as the protocol asks.
struct DeltaAction: Decodable {
    var versions: Versions?
    var metaData: MetaData?
    var add: File?
    var remove: File?

    enum CodingKeys: String, CodingKey {
        case versions = "protocol"
        case metaData, add, remove
    }

    struct Versions: Decodable {
        var minReaderVersion: Int
        var readerFeatures: [String]?
    }

    struct MetaData: Decodable {
        var configuration: [String: String]?
    }

    struct File: Decodable, Hashable {
        /// A URI, mostly relative to the table.
        var path: String
        var partitionValues: [String: String?]?
        var deletionVector: DeletionVector?
    }

    struct DeletionVector: Decodable, Hashable {
        var pathOrInlineDv: String
        var offset: Int?
    }
}
