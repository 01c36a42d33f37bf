import SpillwayParquet

/// Actions as rows of ``DeltaCheckpoint/schema``.
extension DeltaAction {
    var checkpointRow: [NestedValue] {
        [
            txn.map { .group([.string($0.appId), .int64($0.version), .optional($0.lastUpdated)]) } ?? .null,
            add?.checkpointValue ?? .null, remove?.checkpointValue ?? .null, metaData?.checkpointValue ?? .null,
            protocolVersions.map {
                .group([
                    .int32(Int32(clamping: $0.minReaderVersion)), .int32(Int32(clamping: $0.minWriterVersion)),
                ])
            } ?? .null,
        ]
    }

    /// Nil unless the row holds exactly one action.
    init?(checkpointRow row: [NestedValue]) {
        guard row.count == 5, row.count(where: { $0 != .null }) == 1 else { return nil }
        self.init()
        if case .group(let txn) = row[0], case .string(let appId) = txn[0], case .int64(let version) = txn[1] {
            self.txn = Transaction(appId: appId, version: version, lastUpdated: txn[2].int64)
        }
        add = AddFile(row[1])
        remove = RemoveFile(row[2])
        metaData = MetaData(row[3])
        if case .group(let versions) = row[4], case .int32(let reader) = versions[0],
            case .int32(let writer) = versions[1]
        {
            protocolVersions = ProtocolVersions(minReaderVersion: Int(reader), minWriterVersion: Int(writer))
        }
        guard txn != nil || add != nil || remove != nil || metaData != nil || protocolVersions != nil else {
            return nil
        }
    }
}

extension DeltaAction.AddFile {
    fileprivate var checkpointValue: NestedValue {
        .group([
            .string(path), .map(partitionValues), .int64(size), .int64(modificationTime), .boolean(dataChange),
            .optional(stats),
        ])
    }

    fileprivate init?(_ value: NestedValue) {
        guard case .group(let fields) = value, let path = fields[0].string, let partitionValues = fields[1].map,
            let size = fields[2].int64, let modificationTime = fields[3].int64, let dataChange = fields[4].boolean
        else { return nil }
        self.init(
            path: path, partitionValues: partitionValues, size: size, modificationTime: modificationTime,
            dataChange: dataChange, stats: fields[5].string)
    }
}

extension DeltaAction.RemoveFile {
    fileprivate var checkpointValue: NestedValue {
        .group([
            .string(path), .optional(deletionTimestamp), .boolean(dataChange), .optional(extendedFileMetadata),
            partitionValues.map { .map($0) } ?? .null, .optional(size),
        ])
    }

    fileprivate init?(_ value: NestedValue) {
        guard case .group(let fields) = value, let path = fields[0].string, let dataChange = fields[2].boolean else {
            return nil
        }
        self.init(
            path: path, deletionTimestamp: fields[1].int64, dataChange: dataChange,
            extendedFileMetadata: fields[3].boolean, partitionValues: fields[4].map, size: fields[5].int64)
    }
}

extension DeltaAction.MetaData {
    fileprivate var checkpointValue: NestedValue {
        .group([
            .string(id), .optional(name), .optional(description),
            .group([.string(format.provider), .map(format.options)]), .string(schemaString),
            .elements(partitionColumns.map { [.string($0)] }), .map(configuration), .int64(createdTime),
        ])
    }

    fileprivate init?(_ value: NestedValue) {
        guard case .group(let fields) = value, let id = fields[0].string, case .group(let format) = fields[3],
            let provider = format[0].string, let options = format[1].map, let schemaString = fields[4].string,
            case .elements(let columns) = fields[5], let configuration = fields[6].map,
            let createdTime = fields[7].int64
        else { return nil }
        self.init(
            id: id, name: fields[1].string, description: fields[2].string,
            format: Format(provider: provider, options: options), schemaString: schemaString,
            partitionColumns: columns.compactMap { $0.first?.string }, configuration: configuration,
            createdTime: createdTime)
    }
}

extension NestedValue {
    fileprivate static func optional(_ text: String?) -> NestedValue { text.map { .string($0) } ?? .null }
    fileprivate static func optional(_ number: Int64?) -> NestedValue { number.map { .int64($0) } ?? .null }
    fileprivate static func optional(_ flag: Bool?) -> NestedValue { flag.map { .boolean($0) } ?? .null }

    /// In order of key, so that equal maps make equal bytes.
    fileprivate static func map(_ entries: [String: String]) -> NestedValue {
        .elements(entries.sorted { $0.key < $1.key }.map { [.string($0.key), .string($0.value)] })
    }

    fileprivate var string: String? { if case .string(let value) = self { value } else { nil } }
    fileprivate var int64: Int64? { if case .int64(let value) = self { value } else { nil } }
    fileprivate var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// Nil if this is no map, or one with a value that is missing.
    fileprivate var map: [String: String]? {
        guard case .elements(let entries) = self else { return nil }
        var map: [String: String] = [:]
        for entry in entries {
            guard entry.count == 2, let key = entry[0].string, let value = entry[1].string else { return nil }
            map[key] = value
        }
        return map
    }
}
