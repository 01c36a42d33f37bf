import SpillwayPlatform

/// Pages that were met, those of dictionaries among them.
package struct PageCounts: Hashable, Sendable {
    /// Checked and decoded.
    package var read = 0
    /// Of which only the header was read.
    package var passedOver = 0

    package init() {}

    package static func += (sum: inout PageCounts, counts: PageCounts) {
        sum.read += counts.read
        sum.passedOver += counts.passedOver
    }
}

/// Walks the pages of a chunk: checks headers, sizes and checksums, and decompresses.
struct PageReader: ~Copyable {
    private var decompressed = ByteBuffer()
    private(set) var counts = PageCounts()

    /// Of the page last read, without levels.
    struct Page {
        var header: PageHeader
        /// Valid until the next page is read, and no longer than the chunk's bytes.
        var body: UnsafeRawBufferPointer
        /// Of the body as it is on disk, in the file.
        var offset: UInt64
        /// Whether only its header was read, and the body is empty.
        var isPassedOver = false

        var reader: ByteReader { ByteReader(body, fileOffset: offset) }
    }

    /// The next page; nil at the end of the chunk.
    ///
    /// - Parameter isWanted: false for a page whose body is to be passed over, unchecked.
    mutating func next(
        _ chunk: inout ByteReader, codec: Codec, where isWanted: (PageHeader) -> Bool = { _ in true }
    ) throws(ParquetError) -> Page? {
        if chunk.remaining == 0 { return nil }
        var thrift = ThriftReader(chunk)
        let header = try PageHeader(&thrift)
        chunk = thrift.rest
        let offset = chunk.offset
        guard header.byteCount <= chunk.remaining else {
            throw chunk.damaged("page of \(header.byteCount) bytes, \(chunk.remaining) left in the chunk")
        }
        let bytes = try chunk.bytes(header.byteCount)
        guard isWanted(header) else {
            counts.passedOver += 1
            return Page(
                header: header, body: UnsafeRawBufferPointer(start: nil, count: 0), offset: offset, isPassedOver: true)
        }
        counts.read += 1
        if let checksum = header.checksum {
            let actual = crc32(bytes)
            guard actual == checksum else {
                throw .damaged(
                    offset: offset, problem: "page checksum is \(checksum), its bytes have \(actual)")
            }
        }
        let body = try body(bytes, header, codec, offset)
        return Page(header: header, body: body, offset: offset)
    }

    private mutating func body(
        _ bytes: UnsafeRawBufferPointer, _ header: PageHeader, _ codec: Codec, _ offset: UInt64
    ) throws(ParquetError) -> UnsafeRawBufferPointer {
        // Levels of a REQUIRED column say nothing; version 2 keeps them out of the compression.
        guard header.levelByteCount <= bytes.count, header.levelByteCount <= header.uncompressedByteCount
        else {
            throw .damaged(offset: offset, problem: "levels pass the end of their page")
        }
        let stored = UnsafeRawBufferPointer(rebasing: bytes[header.levelByteCount...])
        let byteCount = header.uncompressedByteCount - header.levelByteCount
        switch header.isCompressed ? codec : .uncompressed {
        case .uncompressed:
            guard stored.count == byteCount else {
                throw .damaged(
                    offset: offset, problem: "page of \(stored.count) bytes that says \(byteCount)")
            }
            return stored
        case .lz4Raw:
            decompressed.removeAll()
            guard LZ4.decompress(stored, byteCount: byteCount, into: &decompressed) else {
                throw .damaged(offset: offset, problem: "page is not LZ4 of \(byteCount) bytes")
            }
            // The memory stays where it is until the next page is decompressed.
            return decompressed.withUnsafeBytes { $0 }
        default:
            throw .unsupported(offset: offset, problem: "compression codec \(codec.rawValue)")
        }
    }
}

/// parquet.thrift `PageHeader`.
package struct PageHeader: Sendable {
    package private(set) var type = PageType.data
    package private(set) var uncompressedByteCount = 0
    package private(set) var byteCount = 0
    package private(set) var checksum: UInt32?
    /// Values of a data page, nulls included, or entries of a dictionary.
    package private(set) var valueCount = 0
    package private(set) var encoding = Encoding.plain
    /// Of the levels of a v2 data page, which lie before its values, repetition first, and are not compressed.
    package private(set) var repetitionByteCount = 0
    package private(set) var definitionByteCount = 0
    /// Whether the values are, if the chunk has a codec.
    package private(set) var isCompressed = true
    private var nullCount = 0

    /// As ``repetitionByteCount`` and ``definitionByteCount``; each is below 2³¹.
    package var levelByteCount: Int { repetitionByteCount + definitionByteCount }

    /// - Parameter allowsNulls: whether a v2 data page may say that it has some: not so of a REQUIRED column.
    package init(_ reader: inout ThriftReader, allowsNulls: Bool = false) throws(ParquetError) {
        var (type, uncompressedByteCount, byteCount): (Int32?, Int?, Int?)
        var result = PageHeader()
        /// The field that the type asks for.
        var body: Int?
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: type = try reader.i32(field)
            case 2: uncompressedByteCount = try reader.count32(field)
            case 3: byteCount = try reader.count32(field)
            case 4: result.checksum = UInt32(bitPattern: try reader.i32(field))
            case 5, 7:
                body = field.id
                try result.readCountAndEncoding(field, &reader)
            case 8:
                body = field.id
                try result.readV2(field, &reader)
            default: try reader.skip(field)
            }
        }
        guard let type, let uncompressedByteCount, let byteCount else {
            throw reader.damaged("page header lacks a required field")
        }
        guard let type = PageType(rawValue: type) else { throw reader.unsupported("page of type \(type)") }
        let expected =
            switch type {
            case .data: 5
            case .dictionary: 7
            case .dataV2: 8
            }
        guard body == expected else { throw reader.damaged("page header does not fit its type") }
        guard allowsNulls || result.nullCount == 0 else { throw reader.damaged("nulls in a REQUIRED column") }
        result.type = type
        result.uncompressedByteCount = uncompressedByteCount
        result.byteCount = byteCount
        self = result
    }

    private init() {}

    /// parquet.thrift `DataPageHeader` and `DictionaryPageHeader`, which agree in these fields.
    private mutating func readCountAndEncoding(
        _ field: ThriftReader.Field, _ reader: inout ThriftReader
    ) throws(ParquetError) {
        var (valueCount, encoding): (Int?, Int32?)
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: valueCount = try reader.count32(field)
            case 2: encoding = try reader.i32(field)
            default: try reader.skip(field)
            }
        }
        guard let valueCount, let encoding else { throw reader.damaged("page header lacks a required field") }
        self.valueCount = valueCount
        self.encoding = Encoding(rawValue: encoding)
    }

    /// parquet.thrift `DataPageHeaderV2`.
    private mutating func readV2(
        _ field: ThriftReader.Field, _ reader: inout ThriftReader
    ) throws(ParquetError) {
        var (valueCount, encoding): (Int?, Int32?)
        var result = self
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: valueCount = try reader.count32(field)
            case 2: result.nullCount = try reader.count32(field)
            case 4: encoding = try reader.i32(field)
            case 5: result.definitionByteCount = try reader.count32(field)
            case 6: result.repetitionByteCount = try reader.count32(field)
            case 7: result.isCompressed = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        guard let valueCount, let encoding else { throw reader.damaged("page header lacks a required field") }
        result.valueCount = valueCount
        result.encoding = Encoding(rawValue: encoding)
        self = result
    }
}
