internal import SpillwayParquet
internal import SpillwayPlatform

/// The pages of one chunk, one after the other out of the file: what is passed over is not read.
struct PageStream: ~Copyable {
    private let file: any File
    private let codec: CompressionCodec
    /// What is left of the chunk.
    private var rest: Range<UInt64>
    /// Bytes of the file from ``windowStart`` on.
    private var window = ByteBuffer()
    private var windowStart: UInt64 = 0
    private var decompressed = ByteBuffer()
    /// Of the page whose header was read last.
    private var body: Range<UInt64>

    /// Read at once, to save calls where pages are small.
    private static let readAheadByteCount = 256 << 10
    /// A header that is longer is refused: it holds a statistic or two.
    private static let maximumHeaderByteCount = 4 << 20
    /// A page that is larger, compressed or not, is refused: it would be held in memory. Programs write pages of 1 MiB,
    /// DuckDB of up to 100 MB.
    static let maximumPageByteCount = 128 << 20

    init(_ chunk: InterchangeChunk, of file: any File) throws(ParquetError) {
        guard let codec = CompressionCodec(rawValue: chunk.codecCode) else {
            throw .unsupported(
                offset: chunk.offset,
                problem: "codec \(CompressionCodec.name(ofCode: chunk.codecCode)): write SNAPPY, ZSTD, GZIP or LZ4_RAW")
        }
        self.file = file
        self.codec = codec
        rest = chunk.offset..<chunk.offset + UInt64(chunk.byteCount)
        body = chunk.offset..<chunk.offset
    }

    /// Of the page whose header was read last, in the file.
    var offset: UInt64 { body.lowerBound }

    /// The header of the next page; nil at the end of the chunk.
    mutating func nextHeader() throws(ParquetError) -> PageHeader? {
        rest = body.upperBound..<rest.upperBound
        if rest.isEmpty { return nil }
        var byteCount = 1 << 10
        while true {
            let room = rest.lowerBound..<min(rest.upperBound, rest.lowerBound + UInt64(byteCount))
            try load(room)
            do throws(ParquetError) {
                return try parseHeader(room)
            } catch {
                // It may only be that it goes on behind what was looked at.
                guard room.upperBound < rest.upperBound, byteCount < Self.maximumHeaderByteCount else { throw error }
                byteCount *= 16
            }
        }
    }

    private mutating func parseHeader(_ room: Range<UInt64>) throws(ParquetError) -> PageHeader {
        let (header, byteCount) = try withWindow(room) { (bytes) throws(ParquetError) in
            var reader = ThriftReader(ByteReader(bytes, fileOffset: room.lowerBound))
            let header = try PageHeader(&reader, allowsNulls: true)
            return (header, reader.position)
        }
        let start = rest.lowerBound + UInt64(byteCount)
        guard header.byteCount <= rest.upperBound - start else {
            throw .damaged(offset: start, problem: "a page of \(header.byteCount) bytes passes the end of its column")
        }
        guard max(header.byteCount, header.uncompressedByteCount) <= Self.maximumPageByteCount else {
            throw .unsupported(
                offset: start,
                problem: "a page of \(header.uncompressedByteCount) bytes: write pages of at most "
                    + "\(Self.maximumPageByteCount)")
        }
        body = start..<start + UInt64(header.byteCount)
        return header
    }

    /// Hands out the page's levels, as a v2 page has them apart, and the rest of it, decompressed.
    mutating func withBody<Result>(
        _ header: PageHeader,
        _ read: (_ levels: UnsafeRawBufferPointer, _ values: UnsafeRawBufferPointer) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        try load(body)
        let levelByteCount = header.levelByteCount
        guard levelByteCount <= header.byteCount, levelByteCount <= header.uncompressedByteCount else {
            throw .damaged(offset: offset, problem: "levels pass the end of their page")
        }
        let codec = header.isCompressed ? codec : .uncompressed
        let first = Int(body.lowerBound - windowStart)
        let offset = offset
        let byteCount = header.uncompressedByteCount - levelByteCount
        return try Self.withBody(
            window, first..<first + header.byteCount, header, codec, byteCount, offset, &decompressed, read)
    }

    private static func withBody<Result>(
        _ window: borrowing ByteBuffer, _ range: Range<Int>, _ header: PageHeader, _ codec: CompressionCodec,
        _ byteCount: Int, _ offset: UInt64, _ decompressed: inout ByteBuffer,
        _ read: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        try window.withUnsafeBytes(in: range) { (bytes) throws(ParquetError) in
            if let checksum = header.checksum, crc32(bytes) != checksum {
                throw .damaged(offset: offset, problem: "a page does not match its checksum")
            }
            let levels = UnsafeRawBufferPointer(rebasing: bytes[..<header.levelByteCount])
            let stored = UnsafeRawBufferPointer(rebasing: bytes[header.levelByteCount...])
            if codec == .uncompressed, stored.count == byteCount { return try read(levels, stored) }
            try codec.decompress(stored, byteCount: byteCount, at: offset, into: &decompressed)
            return try decompressed.withUnsafeBytes { (values) throws(ParquetError) in try read(levels, values) }
        }
    }

    /// Has the window hold a part of the chunk.
    private mutating func load(_ range: Range<UInt64>) throws(ParquetError) {
        if range.lowerBound >= windowStart, range.upperBound <= windowStart + UInt64(window.count) { return }
        let end = min(rest.upperBound, max(range.upperBound, range.lowerBound + UInt64(Self.readAheadByteCount)))
        window.removeAll()
        windowStart = range.lowerBound
        do throws(SystemError) {
            let file = file
            try window.withRoom(Int(end - windowStart)) { (room) throws(SystemError) in
                try file.read(into: room, at: range.lowerBound)
            }
        } catch {
            throw .unreadable(error)
        }
        guard windowStart + UInt64(window.count) >= range.upperBound else {
            throw .damaged(offset: windowStart + UInt64(window.count), problem: "the file ends early")
        }
    }

    private borrowing func withWindow<Result>(
        _ range: Range<UInt64>, _ read: (UnsafeRawBufferPointer) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        let first = Int(range.lowerBound - windowStart)
        return try window.withUnsafeBytes(in: first..<first + range.count, read)
    }
}
