import SpillwayPlatform

/// Encodes row groups, one after the other: ``begin(rowCount:)``, the columns' values, ``finish(into:)``.
///
/// Columns may be given in any order, and those of integers page by page, so that the values of a page are encoded while
/// they are in the processor's caches. It owns its scratch, which later row groups reuse. Used by one thread at a time.
package struct RowGroupEncoder: ~Copyable {
    package let schema: ParquetSchema
    /// Rows of each page of integers but a chunk's last.
    package let pageRows: Int

    private var rowCount = 0
    /// In the order of the schema.
    private let chunks: [ColumnChunkEncoder]
    private var pages = PageWriter()

    /// Large enough for scans, and for a page to fit the second cache.
    package static let defaultPageRows = 32_768

    /// - Parameters:
    ///   - pageRows: Rows of a page.
    ///   - stringPageRows: Of columns of strings, which take a few bits a row; as many if nil.
    package init(schema: ParquetSchema, pageRows: Int = defaultPageRows, stringPageRows: Int? = nil) {
        precondition(pageRows > 0)
        self.schema = schema
        self.pageRows = pageRows
        chunks = schema.columns.map { column in
            ColumnChunkEncoder(column, pageRows: column.type == .string ? stringPageRows ?? pageRows : pageRows)
        }
    }

    /// Takes memory for row groups of so many rows now, not as they come.
    package mutating func populate(rowCount: Int) {
        for chunk in chunks { chunk.populate(rowCount: rowCount) }
    }

    /// Begins a row group of `rowCount` rows, at least one.
    package mutating func begin(rowCount: Int) {
        precondition(rowCount > 0)
        self.rowCount = rowCount
        for chunk in chunks { chunk.begin() }
    }

    /// Appends values to a column of type ``ColumnType/timestampMicros`` or ``ColumnType/int64``: whole pages, unless
    /// they are its last values.
    package mutating func append(int64 values: UnsafeBufferPointer<Int64>, to column: Int) {
        chunks[column].append(values, with: &pages)
    }

    /// Appends values to a column of type ``ColumnType/int32``: whole pages, unless they are its last values.
    package mutating func append(int32 values: UnsafeBufferPointer<Int32>, to column: Int) {
        chunks[column].append(values, with: &pages)
    }

    /// Encodes a column of type ``ColumnType/string``: row i holds `names[codes[i]]`. Names are unique.
    package mutating func encode(codes: UnsafeBufferPointer<UInt16>, names: [String], as column: Int) {
        chunks[column].encode(codes, names, with: &pages)
    }

    /// The same, of which runs of rows hold the same name each.
    package mutating func encode(runs: [CodeRun], names: [String], as column: Int) {
        chunks[column].encode(runs, names, with: &pages)
    }

    /// Appends the row group to `output`.
    ///
    /// - Returns: its metadata, with offsets from its first byte.
    package mutating func finish(into output: inout ByteBuffer) -> RowGroupMetadata {
        let start = output.count
        output.reserve(chunks.reduce(0) { $0 + $1.byteCount })
        let columns = chunks.map { chunk in
            precondition(chunk.rowCount == rowCount, "column \(chunk.name) has a value for every row")
            return chunk.finish(into: &output, from: start)
        }
        return RowGroupMetadata(rowCount: rowCount, columns: columns)
    }
}
