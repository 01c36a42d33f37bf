import SpillwayParquet
import SpillwayPlatform

/// The footer of a segment, with what recovery needs to know of it beside Parquet's own.
struct SegmentFooter {
    private enum Key {
        static let epoch = "spillway.epoch"
        static let stream = "spillway.stream"
        static let position = "spillway.position"
    }

    /// More rows than any row group has: what claims more is damaged, and is not given memory.
    static let maximumRowGroupRows = 1 << 24

    var rowGroups: [RowGroupMetadata]
    var lastEpoch: EpochMark

    init(rowGroups: [RowGroupMetadata], lastEpoch: EpochMark) {
        self.rowGroups = rowGroups
        self.lastEpoch = lastEpoch
    }

    /// Appends the footer at the end of the file's row groups, and makes the file durable.
    func write(to file: any File, at end: UInt64) throws {
        let footer = ParquetFooter(
            schema: segmentSchema,
            rowGroups: rowGroups,
            keyValueMetadata: [
                Key.epoch: String(lastEpoch.number),
                Key.stream: hexadecimal(lastEpoch.position.stream),
                Key.position: String(lastEpoch.position.attempts),
            ],
            createdBy: "spillway")
        var bytes = ByteBuffer()
        footer.serialize(at: end, into: &bytes)
        try bytes.withUnsafeBytes { (bytes) throws(SystemError) in try file.write(bytes, at: end) }
        try file.sync()
    }

    /// Reads a sealed segment's footer.
    init(reading file: any File) throws {
        let footer = try ParquetFooter.read(from: file)
        guard footer.schema == segmentSchema else {
            throw StoreError.damaged(path: file.path, offset: 0, problem: "its columns are not a segment's")
        }
        for rowGroup in footer.rowGroups where rowGroup.rowCount > Self.maximumRowGroupRows {
            throw StoreError.damaged(
                path: file.path, offset: 0, problem: "a row group claims \(rowGroup.rowCount) rows")
        }
        let values = footer.keyValueMetadata
        guard let epoch = values[Key.epoch].flatMap({ UInt64($0) }),
            let stream = values[Key.stream].flatMap({ UInt64($0, radix: 16) }),
            let attempts = values[Key.position].flatMap({ UInt64($0) }),
            EpochMark.isPossible(epoch: epoch, attempts: attempts)
        else {
            throw StoreError.damaged(path: file.path, offset: 0, problem: "its footer does not name its epoch")
        }
        rowGroups = footer.rowGroups
        lastEpoch = EpochMark(number: epoch, position: StreamPosition(stream: stream, attempts: attempts))
    }
}
