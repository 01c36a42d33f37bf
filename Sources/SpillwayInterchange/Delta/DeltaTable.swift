package import SpillwayPlatform

/// A Delta table that any program may have written, as its log has it at its last version: reader version 1, and of
/// the later ones what does not change which rows there are, or how they are found.
package struct DeltaTable: Sendable {
    /// A file of the table.
    package struct File: Sendable, Hashable {
        /// Relative to the table's directory.
        package var path: String
        /// Values of the columns that the table is partitioned by, which the file lacks; nil is null.
        package var partitionValues: [String: String?]
    }

    /// In order of path.
    package let files: [File]
    package let version: Int

    /// Whether a directory holds a Delta table.
    package static func exists(at directory: String, _ fileSystem: some FileSystem) throws(SystemError) -> Bool {
        try fileSystem.exists("\(directory)/\(DeltaLogReader.directoryName)")
    }

    /// - Complexity: O(actions in the newest checkpoint and after it)
    package init(directory: String, _ fileSystem: some FileSystem) throws(DeltaError) {
        let log = DeltaLogReader(directory: "\(directory)/\(DeltaLogReader.directoryName)", fileSystem)
        var state = State()
        version = try log.replay(into: &state)
        try state.checkIsReadable(log.directory)
        files = try state.files(log.directory)
    }

    /// What the log's actions amount to (PROTOCOL.md, "Action Reconciliation").
    struct State {
        private var versions: DeltaAction.Versions?
        private var configuration: [String: String] = [:]
        private var live: [Key: [String: String?]] = [:]

        /// A file with other deleted rows is another one.
        private struct Key: Hashable {
            var path: String
            var deletionVector: DeltaAction.DeletionVector?
        }

        mutating func apply(_ action: DeltaAction) {
            if let versions = action.versions { self.versions = versions }
            if let metaData = action.metaData { configuration = metaData.configuration ?? [:] }
            if let file = action.remove { live[Key(path: file.path, deletionVector: file.deletionVector)] = nil }
            if let file = action.add {
                // PROTOCOL.md, "Partition Value Serialization": an empty string is null.
                let values = (file.partitionValues ?? [:]).mapValues { $0 == "" ? nil : $0 }
                live[Key(path: file.path, deletionVector: file.deletionVector)] = values
            }
        }

        /// PROTOCOL.md, "Valid Feature Names in Table Features": those that ask nothing of who only reads rows, or are
        /// looked at where they show.
        private static let knownFeatures: Set = [
            "columnMapping", "deletionVectors", "timestampNtz", "typeWidening", "v2Checkpoint", "vacuumProtocolCheck",
        ]

        func checkIsReadable(_ log: String) throws(DeltaError) {
            guard let versions else { throw .table(path: log, problem: "no version of the log names a protocol") }
            guard versions.minReaderVersion <= 3 else {
                throw .table(
                    path: log, problem: "the table asks for reader version \(versions.minReaderVersion), not 1 to 3")
            }
            let features = versions.readerFeatures ?? []
            if let feature = features.first(where: { !Self.knownFeatures.contains($0) }) {
                throw .table(
                    path: log, problem: "the table asks readers to know its feature \(feature): write it without")
            }
            let mode = configuration["delta.columnMapping.mode"] ?? "none"
            guard mode == "none" else {
                throw .table(
                    path: log,
                    problem: "columns are mapped by \(mode), so that files have other names: copy the table without")
            }
        }

        func files(_ log: String) throws(DeltaError) -> [File] {
            var files: [File] = []
            for (key, values) in live {
                guard key.deletionVector == nil else {
                    throw .table(
                        path: log,
                        problem: "file \(key.path) has rows that a deletion vector deletes, and those are not read: "
                            + "REORG TABLE … APPLY (PURGE) takes them out")
                }
                guard let path = Self.decoded(key.path) else {
                    throw .table(path: log, problem: "file \(key.path) is not within the table's directory")
                }
                files.append(File(path: path, partitionValues: values))
            }
            return files.sorted { $0.path < $1.path }
        }

        /// A relative URI as a path; nil for what leads out of the table.
        private static func decoded(_ uri: String) -> String? {
            guard let path = uri.removingPercentEscapes, !path.isEmpty, !path.hasPrefix("/"), !uri.contains("://"),
                !path.split(separator: "/").contains("..")
            else { return nil }
            return path
        }
    }
}

extension String {
    /// The text with `%41` as `A` (RFC 3986, section 2.1), as paths in logs and names of partitions have it; nil if
    /// that is no UTF-8. A `%` that no two digits follow stands for itself.
    package var removingPercentEscapes: String? {
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
