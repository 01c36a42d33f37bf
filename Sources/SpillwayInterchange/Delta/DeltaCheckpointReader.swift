internal import SpillwayParquet
internal import SpillwayPlatform

/// Reads the actions of a checkpoint: each row is one, in the column that is not null (PROTOCOL.md, "Checkpoint
/// Schema"). What it stands for is what ``DeltaAction`` says of lines.
struct DeltaCheckpointReader {
    private let path: String
    private let file: any File

    init(_ file: any File) {
        self.file = file
        path = file.path
    }

    func forEachAction(_ body: (DeltaAction) -> Void) throws(DeltaError) {
        do throws(ParquetError) {
            let file = try InterchangeFile(file)
            for group in file.rowGroups {
                let rows = try Rows(file, group)
                for row in 0..<group.rowCount { if let action = rows.action(row) { body(action) } }
            }
        } catch {
            throw DeltaError(error, path: path)
        }
    }

    /// The columns of a row group.
    private struct Rows {
        private let addPaths: Column
        private let partitionKeys: [[String?]]
        private let partitionValues: [[String?]]
        private let deletionVectors: Column
        private let deletionVectorOffsets: Column
        private let readerVersions: Column
        private let readerFeatures: [[String?]]
        private let metaDataIDs: Column
        private let configurationKeys: [[String?]]
        private let configurationValues: [[String?]]
        private let sidecars: Column
        private let group: InterchangeRowGroup

        /// Memory for all of them is only had of a checkpoint of a sane size.
        private static let maximumRowCount = 1 << 22

        init(_ file: InterchangeFile, _ group: InterchangeRowGroup) throws(ParquetError) {
            guard group.rowCount <= Self.maximumRowCount else {
                throw .unsupported(offset: 0, problem: "a row group of \(group.rowCount) actions")
            }
            self.group = group
            let source = Source(file, group)
            addPaths = try source.column("add.path")
            partitionKeys = try source.lists("add.partitionValues.key_value.key")
            partitionValues = try source.lists("add.partitionValues.key_value.value")
            deletionVectors = try source.column("add.deletionVector.pathOrInlineDv")
            deletionVectorOffsets = try source.column("add.deletionVector.offset")
            readerVersions = try source.column("protocol.minReaderVersion")
            readerFeatures = try source.lists("protocol.readerFeatures.list.element")
            metaDataIDs = try source.column("metaData.id")
            configurationKeys = try source.lists("metaData.configuration.key_value.key")
            configurationValues = try source.lists("metaData.configuration.key_value.value")
            sidecars = try source.column("sidecar.path")
            guard !(0..<group.rowCount).contains(where: { sidecars.text($0) != nil }) else {
                throw .unsupported(offset: 0, problem: "a checkpoint with sidecar files")
            }
        }

        func action(_ row: Int) -> DeltaAction? {
            if let path = addPaths.text(row) {
                let vector = deletionVectors.text(row).map {
                    DeltaAction.DeletionVector(
                        pathOrInlineDv: $0, offset: deletionVectorOffsets.integer(row).map { Int($0) })
                }
                let values = Dictionary(pairs(partitionKeys, partitionValues, row)) { $1 }
                return DeltaAction(
                    add: DeltaAction.File(path: path, partitionValues: values, deletionVector: vector))
            }
            if let version = readerVersions.integer(row) {
                let features = readerFeatures.isEmpty ? nil : readerFeatures[row].compactMap { $0 }
                return DeltaAction(versions: .init(minReaderVersion: Int(version), readerFeatures: features))
            }
            if metaDataIDs.text(row) != nil {
                let values = pairs(configurationKeys, configurationValues, row).compactMap { key, value in
                    value.map { (key, $0) }
                }
                return DeltaAction(metaData: .init(configuration: Dictionary(values) { $1 }))
            }
            return nil
        }

        private func pairs(_ keys: [[String?]], _ values: [[String?]], _ row: Int) -> [(String, String?)] {
            guard !keys.isEmpty, !values.isEmpty else { return [] }
            return zip(keys[row], values[row]).compactMap { key, value in key.map { ($0, value) } }
        }
    }

    private struct Column {
        var vector: ColumnVector?

        func text(_ row: Int) -> String? {
            guard let vector, vector.type == .text, !vector.isNull(row) else { return nil }
            return vector.texts[Int(vector.codes[row])]
        }

        func integer(_ row: Int) -> Int64? {
            guard let vector, vector.type == .signed, !vector.isNull(row) else { return nil }
            return vector.integers[row]
        }
    }

    /// Finds columns by name; what a checkpoint lacks has nothing in any row.
    private struct Source {
        let file: InterchangeFile
        let group: InterchangeRowGroup

        init(_ file: InterchangeFile, _ group: InterchangeRowGroup) {
            self.file = file
            self.group = group
        }

        func column(_ name: String) throws(ParquetError) -> Column {
            guard let column = file.columns(named: name).first, !column.isRepeated else { return Column() }
            if case .other = column.type { return Column() }
            var reader = ColumnReader(file)
            return Column(vector: try reader.read(column, rows: 0..<group.rowCount, of: group))
        }

        func lists(_ name: String) throws(ParquetError) -> [[String?]] {
            guard let column = file.columns(named: name).first, column.type == .text, column.maxRepetition == 1 else {
                return []
            }
            var reader = ColumnReader(file)
            return try reader.readLists(column, of: group)
        }
    }
}
