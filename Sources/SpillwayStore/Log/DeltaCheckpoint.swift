import SpillwayParquet
import SpillwayPlatform

/// The content of a checkpoint: each row is one action, which is the one column that is not null (PROTOCOL.md,
/// "Checkpoint Schema").
enum DeltaCheckpoint {
    static let schema: [NestedField] = [
        .optional(
            "txn",
            .group([.required("appId", .string), .required("version", .int64), .optional("lastUpdated", .int64)])),
        .optional(
            "add",
            .group([
                .required("path", .string), .required("partitionValues", stringMap), .required("size", .int64),
                .required("modificationTime", .int64), .required("dataChange", .boolean), .optional("stats", .string),
            ])),
        .optional(
            "remove",
            .group([
                .required("path", .string), .optional("deletionTimestamp", .int64), .required("dataChange", .boolean),
                .optional("extendedFileMetadata", .boolean), .optional("partitionValues", stringMap),
                .optional("size", .int64),
            ])),
        .optional(
            "metaData",
            .group([
                .required("id", .string), .optional("name", .string), .optional("description", .string),
                .required("format", .group([.required("provider", .string), .required("options", stringMap)])),
                .required("schemaString", .string),
                .required("partitionColumns", .list(of: .required("element", .string))),
                .required("configuration", stringMap), .required("createdTime", .int64),
            ])),
        .optional(
            "protocol", .group([.required("minReaderVersion", .int32), .required("minWriterVersion", .int32)])),
    ]

    private static let stringMap = NestedField.Kind.map(
        key: .required("key", .string), value: .optional("value", .string))

    /// A state as actions, in an order that depends on nothing else.
    ///
    /// - Parameter isNeeded: whether a tombstone is to be kept.
    static func actions(
        of state: DeltaLog.State, isNeeded: (DeltaAction.RemoveFile) throws(SystemError) -> Bool
    ) throws(SystemError) -> [DeltaAction] {
        var actions = [DeltaAction(protocolVersions: state.protocolVersions), DeltaAction(metaData: state.metaData)]
        for (appId, version) in state.transactions.sorted(by: { $0.key < $1.key }) {
            actions.append(DeltaAction(txn: .init(appId: appId, version: version, lastUpdated: nil)))
        }
        for (_, file) in state.live.sorted(by: { $0.key < $1.key }) { actions.append(DeltaAction(add: file)) }
        for (_, file) in state.removed.sorted(by: { $0.key < $1.key }) where try isNeeded(file) {
            actions.append(DeltaAction(remove: file))
        }
        return actions
    }

    static func encode(_ actions: [DeltaAction], rowsPerGroup: Int) -> [UInt8] {
        var writer = NestedFileWriter(schema)
        for first in stride(from: 0, to: actions.count, by: rowsPerGroup) {
            writer.append(actions[first..<min(first + rowsPerGroup, actions.count)].map(\.checkpointRow))
        }
        var bytes = writer.finish(
            keyValueMetadata: [EmbeddedChecksum.parquetKey: EmbeddedChecksum.placeholder])
        EmbeddedChecksum.inParquet.seal(&bytes)
        return bytes
    }

    static func decode(_ file: any File) throws -> [DeltaAction] {
        var reader = NestedFileReader(schema)
        let actions = try reader.read(file).map { row in
            guard let action = DeltaAction(checkpointRow: row) else {
                throw ParquetError.damaged(offset: 0, problem: "a row of a checkpoint is no action")
            }
            return action
        }
        let bytes = try file.readAll()
        // What is read tells more of where the damage is.
        guard verdict(on: bytes) == .sound || isForeign(bytes) else {
            throw ParquetError.damaged(offset: 0, problem: "a checkpoint does not match its checksum")
        }
        return actions
    }

    /// Whether another program wrote a checkpoint, which then has no checksum.
    static func isForeign(_ bytes: [UInt8]) -> Bool {
        verdict(on: bytes) == .absent && !bytes.contains(authorship)
    }

    private static func verdict(on bytes: [UInt8]) -> EmbeddedChecksum.Verdict {
        bytes.withUnsafeBytes { EmbeddedChecksum.inParquet.verdict(on: $0) }
    }

    /// The footer's `created_by` with its field header and length, in every checkpoint of Spillway's, whatever one
    /// flipped bit does to its checksum. No value of a page looks like it, as lengths there have four bytes.
    private static let authorship: [UInt8] = [0x18, 8] + "spillway".utf8
}
