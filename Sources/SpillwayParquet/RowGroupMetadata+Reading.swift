extension RowGroupMetadata {
    /// Reads what ``serialize(into:)`` wrote, for pages that lie in the `byteCount` bytes from the origin.
    package init(
        parsing bytes: UnsafeRawBufferPointer, within byteCount: UInt64 = UInt64(Int64.max)
    ) throws(ParquetError) {
        let (metadata, end) = try Self.parse(bytes, within: byteCount)
        guard end == bytes.count else { throw .damaged(offset: UInt64(end), problem: "bytes after the row group") }
        self = metadata
    }

    /// As ``init(parsing:within:)``, of bytes that something else may follow on; says how many it read.
    package static func parse(
        _ bytes: UnsafeRawBufferPointer, within byteCount: UInt64
    ) throws(ParquetError) -> (metadata: RowGroupMetadata, byteCount: Int) {
        var reader = ThriftReader(ByteReader(bytes, fileOffset: 0))
        var metadata = try RowGroupMetadata(&reader)
        try metadata.readIndexes(&reader, within: byteCount)
        return (metadata, reader.position)
    }

    private mutating func readIndexes(_ reader: inout ThriftReader, within byteCount: UInt64) throws(ParquetError) {
        try validate(within: 0..<byteCount, reader)
        for index in columns.indices {
            let statistics = try PageStatistics(&reader)
            let locations = try PageLocations(&reader)
            // The indexes are right here: a place elsewhere would be believed without a file to check it against.
            (columns[index].columnIndex, columns[index].offsetIndex) = (nil, nil)
            columns[index].bloomFilter = nil
            try columns[index].setPages(locations, statistics, rowCount: rowCount, reader)
        }
    }

    /// parquet.thrift `RowGroup`.
    init(_ reader: inout ThriftReader) throws(ParquetError) {
        var columns: [ColumnChunkMetadata] = []
        var rowCount: Int?
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1:
                try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
                    columns.append(try ColumnChunkMetadata(&reader))
                }
            case 3: rowCount = try reader.count64(field)
            default: try reader.skip(field)
            }
        }
        guard let rowCount else { throw reader.damaged("row group without a row count") }
        guard rowCount <= Int32.max else { throw reader.unsupported("row group of \(rowCount) rows") }
        self.init(rowCount: rowCount, columns: columns)
    }

    /// Every column has a value for each row, and a place of its own within `file`.
    func validate(within file: Range<UInt64>, _ reader: ThriftReader) throws(ParquetError) {
        for column in columns {
            guard column.valueCount == rowCount else {
                throw reader.damaged(
                    "column \(column.name) has \(column.valueCount) values for \(rowCount) rows")
            }
            guard column.dataPageOffset >= column.offset, column.offset >= file.lowerBound,
                column.offset <= file.upperBound,
                column.compressedByteCount <= file.upperBound - column.offset,
                column.dataPageOffset <= column.byteRange.upperBound
            else { throw reader.damaged("column \(column.name) lies outside of the file's pages") }
        }
        let ranges = columns.map(\.byteRange).sorted { $0.lowerBound < $1.lowerBound }
        guard zip(ranges, ranges.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound }) else {
            throw reader.damaged("columns overlap")
        }
    }
}

extension ColumnChunkMetadata {
    /// parquet.thrift `ColumnChunk`.
    fileprivate init(_ reader: inout ThriftReader) throws(ParquetError) {
        var metadata: ColumnChunkMetadata?
        var (offsetIndex, columnIndex) = (FilePlace(), FilePlace())
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: throw reader.unsupported("column chunk in another file")
            case 3: metadata = try ColumnChunkMetadata(metadata: field, &reader)
            case 4: offsetIndex.offset = try reader.count64(field)
            case 5: offsetIndex.byteCount = try reader.count32(field)
            case 6: columnIndex.offset = try reader.count64(field)
            case 7: columnIndex.byteCount = try reader.count32(field)
            default: try reader.skip(field)
            }
        }
        guard let metadata else { throw reader.damaged("column chunk without metadata") }
        self = metadata
        self.offsetIndex = offsetIndex.range
        self.columnIndex = columnIndex.range
    }

    private struct FilePlace {
        var offset: Int?
        var byteCount: Int?

        var range: Range<UInt64>? {
            guard let offset, let byteCount else { return nil }
            return UInt64(offset)..<UInt64(offset) + UInt64(byteCount)
        }
    }

    /// parquet.thrift `ColumnMetaData`.
    private init(metadata field: ThriftReader.Field, _ reader: inout ThriftReader) throws(ParquetError) {
        var (type, codec): (Int32?, Int32?)
        var (valueCount, compressedByteCount, dataPageOffset): (Int?, Int?, Int?)
        var path: [String] = []
        var bloomFilter = FilePlace()
        var result = ColumnChunkMetadata(name: "", type: .int64)
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: type = try reader.i32(field)
            case 2:
                try reader.list(field, of: .i32) { (reader) throws(ParquetError) in
                    result.encodings.append(Encoding(rawValue: try reader.i32()))
                }
            case 3:
                try reader.list(field, of: .binary) { (reader) throws(ParquetError) in
                    path.append(try reader.string())
                }
            case 4: codec = try reader.i32(field)
            case 5: valueCount = try reader.count64(field)
            case 6: result.uncompressedByteCount = try reader.count64(field)
            case 7: compressedByteCount = try reader.count64(field)
            case 9: dataPageOffset = try reader.count64(field)
            case 11: result.dictionaryPageOffset = UInt64(try reader.count64(field))
            case 12: try result.readStatistics(field, &reader)
            case 14: bloomFilter.offset = try reader.count64(field)
            case 15: bloomFilter.byteCount = try reader.count32(field)
            default: try reader.skip(field)
            }
        }
        guard let type, let codec, let valueCount, let compressedByteCount, let dataPageOffset,
            path.count == 1
        else { throw reader.damaged("column metadata lacks a required field") }
        guard let type = PhysicalType(rawValue: type) else {
            throw reader.unsupported("column \(path[0]) has the physical type \(type)")
        }
        result.name = path[0]
        result.type = type
        result.codec = Codec(rawValue: codec)
        result.valueCount = valueCount
        result.compressedByteCount = compressedByteCount
        result.dataPageOffset = UInt64(dataPageOffset)
        // Optional in the format, the length too; without it the filter is left alone.
        result.bloomFilter = bloomFilter.range
        self = result
    }

    /// parquet.thrift `Statistics`.
    private mutating func readStatistics(
        _ field: ThriftReader.Field, _ reader: inout ThriftReader
    ) throws(ParquetError) {
        var (min, max): ([UInt8]?, [UInt8]?)
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 5: max = try reader.binary(field)
            case 6: min = try reader.binary(field)
            default: try reader.skip(field)
            }
        }
        (self.min, self.max) = (min, max)
    }
}
