import SpillwayPlatform

extension ParquetFooter {
    /// Reads the footer of a file, and checks that everything it points at lies within the file and that its
    /// counts agree. Page indexes are left for ``loadPageIndexes(from:)``.
    package static func read(from file: any File) throws(ParquetError) -> ParquetFooter {
        let place = try place(in: file)
        let bytes = try file.bytes(in: place)
        return try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
            try ParquetFooter(parsing: bytes, at: place.lowerBound)
        }
    }

    /// Where a Parquet file has its `FileMetaData`.
    package static func place(in file: any File) throws(ParquetError) -> Range<UInt64> {
        let size: UInt64
        do throws(SystemError) { size = try file.size() } catch { throw .unreadable(error) }
        guard size >= 12 else {
            throw .damaged(offset: 0, problem: "\(size) bytes are too few for a Parquet file")
        }
        let head = try file.bytes(in: 0..<4)
        guard head.withUnsafeBytes({ $0.elementsEqual(magic) }) else {
            throw .damaged(offset: 0, problem: "does not begin with PAR1")
        }
        let tail = try file.bytes(in: size - 8..<size)
        guard tail.withUnsafeBytes(in: 4..<8, { $0.elementsEqual(magic) }) else {
            throw .damaged(offset: size - 4, problem: "does not end with PAR1: cut off, or never sealed")
        }
        let length = tail.withUnsafeBytes { UInt64(UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self))) }
        guard length <= size - 12 else {
            throw .damaged(offset: size - 8, problem: "footer of \(length) bytes in a file of \(size)")
        }
        return size - 8 - length..<size - 8
    }

    /// parquet.thrift `FileMetaData`, found at `offset`.
    private init(parsing bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(ParquetError) {
        var reader = ThriftReader(ByteReader(bytes, fileOffset: offset))
        var elements: [SchemaElement] = []
        var rowCount: Int?
        var hasColumnOrders = false
        var result = ParquetFooter(schema: ParquetSchema(columns: []), rowGroups: [], createdBy: "")
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 2:
                try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
                    elements.append(try SchemaElement(&reader))
                }
            case 3: rowCount = try reader.count64(field)
            case 4:
                try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
                    result.rowGroups.append(try RowGroupMetadata(&reader))
                }
            case 5:
                try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
                    try result.readKeyValue(&reader)
                }
            case 6: result.createdBy = try reader.string(field)
            case 7:
                hasColumnOrders = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
        guard reader.position == bytes.count else {
            throw reader.damaged("bytes after the footer's last field")
        }
        guard let rowCount else { throw reader.damaged("footer without a row count") }
        result.schema = try ParquetSchema(elements, reader)
        for index in result.rowGroups.indices {
            try result.adopt(rowGroup: index, hasColumnOrders: hasColumnOrders, pagesEnd: offset, reader)
        }
        var rows = 0
        for group in result.rowGroups {
            let (sum, overflow) = rows.addingReportingOverflow(group.rowCount)
            guard !overflow else { throw reader.damaged("row counts beyond 64 bits") }
            rows = sum
        }
        guard rows == rowCount else {
            throw reader.damaged("row groups hold \(rows) rows, the footer says \(rowCount)")
        }
        self = result
    }

    /// parquet.thrift `KeyValue`; the value is optional.
    private mutating func readKeyValue(_ reader: inout ThriftReader) throws(ParquetError) {
        var (key, value) = ("", "")
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: key = try reader.string(field)
            case 2: value = try reader.string(field)
            default: try reader.skip(field)
            }
        }
        keyValueMetadata[key] = value
    }

    /// Checks a row group against the schema and the file, whose pages and indexes end at `pagesEnd`.
    private mutating func adopt(
        rowGroup index: Int, hasColumnOrders: Bool, pagesEnd: UInt64, _ reader: ThriftReader
    ) throws(ParquetError) {
        var group = rowGroups[index]
        let pages = UInt64(Self.magic.count)..<pagesEnd
        guard group.columns.count == schema.columns.count else {
            throw reader.damaged("row group \(index) has \(group.columns.count) columns")
        }
        for column in group.columns.indices {
            let expected = schema.columns[column]
            guard group.columns[column].name == expected.name,
                group.columns[column].type == expected.type.physicalType
            else {
                throw reader.damaged("row group \(index) does not fit the schema at column \(expected.name)")
            }
            // Some writers say 0 where there is no dictionary.
            if group.columns[column].dictionaryPageOffset == 0 {
                group.columns[column].dictionaryPageOffset = nil
            }
            if !hasColumnOrders { group.columns[column].dropStatistics() }
            for place in [group.columns[column].columnIndex, group.columns[column].offsetIndex] {
                guard let place else { continue }
                guard place.lowerBound >= pages.lowerBound, place.upperBound <= pages.upperBound else {
                    throw reader.damaged("page index of column \(expected.name) lies outside of the file")
                }
            }
            if let place = group.columns[column].bloomFilter {
                guard place.lowerBound >= pages.lowerBound, place.upperBound <= pages.upperBound else {
                    throw reader.damaged("Bloom filter of column \(expected.name) lies outside of the file")
                }
            }
        }
        try group.validate(within: pages, reader)
        rowGroups[index] = group
    }

    /// Fills ``ColumnChunkMetadata/pages`` wherever the file has both indexes of a chunk.
    package mutating func loadPageIndexes(from file: any File) throws(ParquetError) {
        for group in rowGroups.indices {
            for column in rowGroups[group].columns.indices {
                try rowGroups[group].columns[column].loadPages(
                    from: file, rowCount: rowGroups[group].rowCount)
            }
        }
    }
}

extension ColumnChunkMetadata {
    /// Without a column order, least and greatest have no meaning.
    fileprivate mutating func dropStatistics() {
        (min, max, columnIndex) = (nil, nil, nil)
    }

    /// Fills ``pages`` if the file has both indexes of the chunk.
    package mutating func loadPages(from file: any File, rowCount: Int) throws(ParquetError) {
        guard let columnIndex, let offsetIndex else { return }
        let statistics = try file.bytes(in: columnIndex).withUnsafeBytes { (bytes) throws(ParquetError) in
            var reader = ThriftReader(ByteReader(bytes, fileOffset: columnIndex.lowerBound))
            return try PageStatistics(&reader)
        }
        let locations = try file.bytes(in: offsetIndex)
        try locations.withUnsafeBytes { (bytes) throws(ParquetError) in
            var reader = ThriftReader(ByteReader(bytes, fileOffset: offsetIndex.lowerBound))
            try setPages(PageLocations(&reader), statistics, rowCount: rowCount, reader)
        }
    }

    /// The chunk's Bloom filter; nil if the file has none.
    package func readBloomFilter(from file: any File) throws(ParquetError) -> BloomFilter? {
        guard let bloomFilter else { return nil }
        var bytes = ByteBuffer()
        try readBloomFilter(from: file, into: &bytes)
        return try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
            try BloomFilter(parsing: bytes, at: bloomFilter.lowerBound)
        }
    }

    /// Those values, in their order, that the chunk's Bloom filter does not rule out; all, if the file has none. As
    /// ``readBloomFilter(from:)`` and ``BloomFilter/passing(_:)``, but in memory that the caller uses again.
    package func passingBloomFilter(
        _ values: ArraySlice<Int64>, from file: any File, scratch bytes: inout ByteBuffer
    ) throws(ParquetError) -> [Int64] {
        guard let bloomFilter else { return Array(values) }
        try readBloomFilter(from: file, into: &bytes)
        return try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
            let blocks = try BloomFilter.blocks(in: bytes, at: bloomFilter.lowerBound)
            return values.withUnsafeBufferPointer { BloomFilter.passing($0, blocks: blocks) }
        }
    }

    /// Replaces `buffer` by the Bloom filter's bytes, and checks them if it can.
    private func readBloomFilter(from file: any File, into buffer: inout ByteBuffer) throws(ParquetError) {
        guard let bloomFilter else { return }
        guard bloomFilter.count <= BloomFilter.maximumByteCount + BloomFilter.maximumHeaderByteCount else {
            throw .damaged(
                offset: bloomFilter.lowerBound, problem: "Bloom filter of \(bloomFilter.count) bytes is too large")
        }
        try file.read(bloomFilter, into: &buffer)
        guard let bloomFilterChecksum else { return }
        guard buffer.withUnsafeBytes({ crc32c($0) }) == bloomFilterChecksum else {
            throw .damaged(
                offset: bloomFilter.lowerBound, problem: "the checksum of a Bloom filter is not that of its bytes")
        }
    }

    /// Replaces `buffer` by the chunk's bytes, for ``ColumnChunkDecoder``.
    package func read(from file: any File, into buffer: inout ByteBuffer) throws(ParquetError) {
        try file.read(byteRange, into: &buffer)
    }
}

extension File {
    /// All of the bytes in `range`, whose size was checked against the file's.
    package func bytes(in range: Range<UInt64>) throws(ParquetError) -> ByteBuffer {
        var buffer = ByteBuffer(capacity: range.count)
        try read(range, into: &buffer)
        return buffer
    }

    fileprivate func read(_ range: Range<UInt64>, into buffer: inout ByteBuffer) throws(ParquetError) {
        buffer.removeAll()
        do throws(SystemError) {
            try buffer.withRoom(range.count) { (room) throws(SystemError) in
                try read(into: room, at: range.lowerBound)
            }
        } catch {
            throw .unreadable(error)
        }
        guard buffer.count == range.count else {
            throw .damaged(offset: range.lowerBound + UInt64(buffer.count), problem: "the file ends early")
        }
    }
}
