import SpillwayParquet
import SpillwayPlatform

/// The footer of a segment, with what recovery needs to know of it beside Parquet's own.
struct SegmentFooter {
    private enum Key {
        static let checksum = "spillway.crc32c"
        static let epoch = "spillway.epoch"
        static let stream = "spillway.stream"
        static let position = "spillway.position"
    }

    /// Of all that follows the row groups. In Thrift's compact protocol a field header (field 2, binary) and the length
    /// stand between a key and its value. A label that looks the same stands before it, in statistics.
    private static let checksum = EmbeddedChecksum(
        marker: Array(Key.checksum.utf8) + [0x18, UInt8(EmbeddedChecksum.placeholder.utf8.count)])

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
        try serialized(at: end).withUnsafeBytes { (bytes) throws(SystemError) in try file.write(bytes, at: end) }
        try file.sync()
    }

    /// All that follows row groups that end at `end`: page indexes, metadata, its length, the magic.
    func serialized(at end: UInt64) -> ByteBuffer {
        let footer = ParquetFooter(
            schema: segmentSchema,
            rowGroups: rowGroups,
            keyValueMetadata: [
                Key.checksum: EmbeddedChecksum.placeholder,
                Key.epoch: String(lastEpoch.number),
                Key.stream: hexadecimal(lastEpoch.position.stream),
                Key.position: String(lastEpoch.position.attempts),
            ],
            createdBy: "spillway")
        var bytes = ByteBuffer()
        footer.serialize(at: end, into: &bytes)
        guard let (offset, digits) = bytes.withUnsafeBytes({ Self.checksum.digits(of: $0) }) else {
            preconditionFailure("a footer has a place for its checksum")
        }
        for (index, digit) in digits.enumerated() { bytes.replace(at: offset + index, littleEndian: digit) }
        return bytes
    }

    /// Reads a sealed segment's footer, and checks every byte that follows the row groups.
    init(reading file: any File) throws {
        let footer = try ParquetFooter.read(from: file)
        try Self.checkEnd(of: file, footer)
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
            let attempts = values[Key.position].flatMap({ UInt64($0) })
        else {
            throw StoreError.damaged(path: file.path, offset: 0, problem: "its footer does not name its epoch")
        }
        rowGroups = footer.rowGroups
        lastEpoch = EpochMark(number: epoch, position: StreamPosition(stream: stream, attempts: attempts))
    }

    /// Fills the row groups' pages.
    mutating func loadPageIndexes(from file: any File) throws(ParquetError) {
        for group in rowGroups.indices {
            for column in rowGroups[group].columns.indices {
                try rowGroups[group].columns[column].loadPages(from: file, rowCount: rowGroups[group].rowCount)
            }
        }
    }

    /// Where the row groups end, and all that the footer's checksum covers begins.
    var start: UInt64? { Self.start(rowGroups) }

    private static func start(_ rowGroups: [RowGroupMetadata]) -> UInt64? {
        rowGroups.lazy.flatMap(\.columns).flatMap { [$0.columnIndex, $0.offsetIndex] }.compactMap { $0?.lowerBound }
            .min()
    }

    private static func checkEnd(of file: any File, _ footer: ParquetFooter) throws {
        let size = try file.size()
        let pagesEnd = footer.rowGroups.lazy.flatMap(\.columns).map(\.byteRange.upperBound).max() ?? 0
        guard let start = start(footer.rowGroups), start >= pagesEnd, start <= size else {
            throw StoreError.damaged(path: file.path, offset: size, problem: "its footer has no page index")
        }
        let bytes = try file.readBytes(count: Int(size - start), at: start)
        guard bytes.withUnsafeBytes({ checksum.verdict(on: $0) }) == .sound else {
            throw StoreError.damaged(
                path: file.path, offset: start, problem: "the footer or a page index does not match its checksum")
        }
    }
}
