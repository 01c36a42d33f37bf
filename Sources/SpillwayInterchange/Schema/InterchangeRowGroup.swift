internal import SpillwayParquet

/// Rows that a file has together, column by column.
package struct InterchangeRowGroup: Sendable, Hashable {
    package private(set) var rowCount = 0
    private(set) var chunks: [InterchangeChunk] = []

    /// parquet.thrift `RowGroup`.
    init(_ reader: inout ThriftReader) throws(ParquetError) {
        var group = InterchangeRowGroup()
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1:
                try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
                    group.chunks.append(try InterchangeChunk(&reader))
                }
            case 3: group.rowCount = try reader.count64(field)
            default: try reader.skip(field)
            }
        }
        self = group
    }

    private init() {}

    mutating func dropStatistics() {
        for index in chunks.indices { chunks[index].dropStatistics() }
    }

    /// Least and greatest value of a column of signed integers, dates or timestamps, as ``ColumnVector/integers`` has
    /// them; nil if the file does not say, or not of such a column.
    package func bounds(of column: InterchangeColumn) -> ClosedRange<Int64>? {
        chunks.indices.contains(column.index) ? chunks[column.index].bounds(of: column) : nil
    }

    /// The chunk of a column, if it can be read.
    ///
    /// - Parameter pages: where the file has pages.
    func chunk(of column: InterchangeColumn, within pages: Range<UInt64>) throws(ParquetError) -> InterchangeChunk {
        guard chunks.indices.contains(column.index) else {
            throw .damaged(offset: pages.upperBound, problem: "a row group lacks column \(column.name)")
        }
        let chunk = chunks[column.index]
        if let problem = chunk.problem {
            throw .unsupported(offset: pages.upperBound, problem: "column \(column.name): \(problem)")
        }
        guard chunk.path == column.path, chunk.storedTypeCode == column.storedType.rawValue else {
            throw .damaged(
                offset: pages.upperBound, problem: "a row group does not fit the schema at column \(column.name)")
        }
        guard column.isRepeated || chunk.valueCount == rowCount else {
            throw .damaged(
                offset: pages.upperBound,
                problem: "column \(column.name) has \(chunk.valueCount) values for \(rowCount) rows")
        }
        guard chunk.offset >= pages.lowerBound, chunk.offset <= pages.upperBound,
            chunk.byteCount <= pages.upperBound - chunk.offset
        else {
            throw .damaged(offset: pages.upperBound, problem: "column \(column.name) lies outside of the file's pages")
        }
        return chunk
    }
}
