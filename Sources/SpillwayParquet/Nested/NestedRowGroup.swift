/// Where a row group of nested rows has its columns.
struct NestedRowGroup {
    /// What claims more is damaged, and is not given memory.
    static let maximumRowCount = 1 << 16
    /// Of one column: lists make more entries than rows.
    static let maximumEntryCount = 1 << 20

    var rowCount: Int
    var chunks: [NestedChunk]

    /// parquet.thrift `RowGroup`.
    func write(to writer: inout ThriftWriter) {
        writer.structure { group in
            group.field(1, list: chunks, of: .structure) { writer, chunk in
                writer.structure { column in
                    column.field(2, i64: 0)
                    column.field(3) { chunk.writeMetadata(to: &$0) }
                }
            }
            group.field(2, i64: Int64(chunks.reduce(0) { $0 + $1.uncompressedByteCount }))
            group.field(3, i64: Int64(rowCount))
            group.field(5, i64: Int64(chunks.first?.offset ?? 0))
            group.field(6, i64: Int64(chunks.reduce(0) { $0 + $1.byteCount }))
        }
    }

    init(rowCount: Int, chunks: [NestedChunk]) {
        self.rowCount = rowCount
        self.chunks = chunks
    }

    init(_ reader: inout ThriftReader) throws(ParquetError) {
        var chunks: [NestedChunk] = []
        var rowCount: Int?
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1:
                try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
                    chunks.append(try NestedChunk(&reader))
                }
            case 3: rowCount = try reader.count64(field)
            default: try reader.skip(field)
            }
        }
        guard let rowCount else { throw reader.damaged("row group without a row count") }
        guard rowCount <= Self.maximumRowCount else { throw reader.unsupported("row group of \(rowCount) rows") }
        self.init(rowCount: rowCount, chunks: chunks)
    }
}

/// One column of a row group: one page.
struct NestedChunk {
    var path: [String]
    var physicalType: Int32
    var codec: Codec
    /// Entries, with and without a value.
    var valueCount: Int
    var uncompressedByteCount: Int
    var offset: UInt64
    var byteCount: Int

    /// The fields of parquet.thrift `ColumnMetaData`.
    fileprivate func writeMetadata(to metadata: inout ThriftWriter) {
        metadata.field(1, i32: physicalType)
        metadata.field(2, list: [Encoding.plain, .rle], of: .i32) { $0.append(zigzag: Int64($1.rawValue)) }
        metadata.field(3, list: path, of: .binary) { $0.append(binary: $1.utf8) }
        metadata.field(4, i32: codec.rawValue)
        metadata.field(5, i64: Int64(valueCount))
        metadata.field(6, i64: Int64(uncompressedByteCount))
        metadata.field(7, i64: Int64(byteCount))
        metadata.field(9, i64: Int64(offset))
    }

    /// parquet.thrift `ColumnChunk`.
    fileprivate init(_ reader: inout ThriftReader) throws(ParquetError) {
        var chunk: NestedChunk?
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: throw reader.unsupported("column chunk in another file")
            case 3: chunk = try NestedChunk(metadata: field, &reader)
            default: try reader.skip(field)
            }
        }
        guard let chunk else { throw reader.damaged("column chunk without metadata") }
        self = chunk
    }

    private init(metadata field: ThriftReader.Field, _ reader: inout ThriftReader) throws(ParquetError) {
        var (type, codec): (Int32?, Int32?)
        var (valueCount, byteCount, offset): (Int?, Int?, Int?)
        var path: [String] = []
        var hasDictionary = false
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: type = try reader.i32(field)
            case 3:
                try reader.list(field, of: .binary) { (reader) throws(ParquetError) in
                    path.append(try reader.string())
                }
            case 4: codec = try reader.i32(field)
            case 5: valueCount = try reader.count64(field)
            case 7: byteCount = try reader.count64(field)
            case 9: offset = try reader.count64(field)
            case 11:
                hasDictionary = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
        guard let type, let codec, let valueCount, let byteCount, let offset else {
            throw reader.damaged("column metadata lacks a required field")
        }
        guard !hasDictionary else { throw reader.unsupported("nested column with a dictionary") }
        guard valueCount <= NestedRowGroup.maximumEntryCount else {
            throw reader.unsupported("nested column of \(valueCount) entries")
        }
        self.init(
            path: path, physicalType: type, codec: Codec(rawValue: codec), valueCount: valueCount,
            uncompressedByteCount: 0, offset: UInt64(offset), byteCount: byteCount)
    }

    init(
        path: [String], physicalType: Int32, codec: Codec, valueCount: Int, uncompressedByteCount: Int, offset: UInt64,
        byteCount: Int
    ) {
        self.path = path
        self.physicalType = physicalType
        self.codec = codec
        self.valueCount = valueCount
        self.uncompressedByteCount = uncompressedByteCount
        self.offset = offset
        self.byteCount = byteCount
    }
}
