import SpillwayPlatform

/// Reads what ``NestedFileWriter`` wrote. Of Parquet files that others wrote, it refuses as not supported what that
/// would not have done: another schema, dictionaries, several pages a column.
package struct NestedFileReader {
    private let fields: [NestedField]
    private let leaves: [NestedLeaf]
    private var rowGroups: [NestedRowGroup] = []

    package init(_ fields: [NestedField]) {
        self.fields = fields
        leaves = NestedLeaf.all(of: fields)
    }

    /// All rows.
    package mutating func read(_ file: any File) throws(ParquetError) -> [[NestedValue]] {
        let place = try ParquetFooter.place(in: file)
        let footer = try file.bytes(in: place)
        try parse(footer, at: place.lowerBound)
        var rows: [[NestedValue]] = []
        for group in rowGroups { try append(rowsOf: group, of: file, to: &rows) }
        return rows
    }

    /// parquet.thrift `FileMetaData`.
    private mutating func parse(_ bytes: borrowing ByteBuffer, at offset: UInt64) throws(ParquetError) {
        var (elements, groups): ([NestedElement], [NestedRowGroup]) = ([], [])
        var rowCount: Int?
        let reader = try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
            var reader = ThriftReader(ByteReader(bytes, fileOffset: offset))
            try reader.structure { (reader, field) throws(ParquetError) in
                switch field.id {
                case 2:
                    try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
                        elements.append(try NestedElement(&reader))
                    }
                case 3: rowCount = try reader.count64(field)
                case 4:
                    try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
                        groups.append(try NestedRowGroup(&reader))
                    }
                default: try reader.skip(field)
                }
            }
            return reader
        }
        guard reader.position == bytes.count else { throw reader.damaged("bytes after the footer's last field") }
        guard elements == NestedElement.all(of: fields) else {
            throw .unsupported(offset: offset, problem: "it has other columns than Spillway writes")
        }
        guard rowCount == groups.reduce(0, { $0 + $1.rowCount }) else {
            throw reader.damaged("row groups do not hold the rows that the footer says")
        }
        // A row of nothing but nulls takes none, and is no use to anybody.
        guard let rowCount, UInt64(rowCount) <= offset else {
            throw reader.damaged("\(rowCount ?? 0) rows in \(offset) bytes")
        }
        rowGroups = groups
        try checkPlaces(end: offset)
    }

    /// Columns follow each other without a gap, from the magic to the footer: so no place can be mistaken.
    private func checkPlaces(end footer: UInt64) throws(ParquetError) {
        var end = UInt64(ParquetFooter.magic.count)
        for group in rowGroups {
            guard
                group.chunks.map(\.path) == leaves.map(\.path),
                group.chunks.map(\.physicalType) == leaves.map({ $0.kind.physicalType })
            else { throw .damaged(offset: footer, problem: "a row group does not fit the schema") }
            for chunk in group.chunks {
                guard chunk.offset == end, UInt64(chunk.byteCount) <= footer - end else {
                    throw .damaged(offset: footer, problem: "column \(chunk.path) is out of place")
                }
                end += UInt64(chunk.byteCount)
            }
        }
        guard end == footer else { throw .damaged(offset: end, problem: "bytes between columns and footer") }
    }

    private func append(
        rowsOf group: NestedRowGroup, of file: any File, to rows: inout [[NestedValue]]
    ) throws(ParquetError) {
        var columns: [NestedColumn] = []
        for (chunk, leaf) in zip(group.chunks, leaves) { columns.append(try read(chunk, leaf, file)) }
        var assembler = NestedAssembler(fields, columns)
        for _ in 0..<group.rowCount {
            guard let row = assembler.row() else { throw group.damaged }
            rows.append(row)
        }
        guard assembler.isAtEnd else { throw group.damaged }
    }

    private func read(_ chunk: NestedChunk, _ leaf: NestedLeaf, _ file: any File) throws(ParquetError) -> NestedColumn {
        let bytes = try file.bytes(in: chunk.offset..<chunk.offset + UInt64(chunk.byteCount))
        return try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
            var reader = ByteReader(bytes, fileOffset: chunk.offset)
            var pages = PageReader()
            guard let page = try pages.next(&reader, codec: chunk.codec), reader.remaining == 0 else {
                throw reader.unsupported("column \(chunk.path) is not of one page")
            }
            guard page.header.type == .data, page.header.encoding == .plain else {
                throw reader.unsupported("column \(chunk.path) is not PLAIN")
            }
            guard page.header.checksum != nil else { throw reader.unsupported("page without a checksum") }
            guard page.header.valueCount == chunk.valueCount else {
                throw reader.damaged("a page of column \(chunk.path) has not all of its values")
            }
            var body = page.reader
            return try NestedPage.decode(leaf, count: chunk.valueCount, &body)
        }
    }
}

extension NestedRowGroup {
    fileprivate var damaged: ParquetError {
        .damaged(offset: chunks.first?.offset ?? 0, problem: "the columns of a row group do not make \(rowCount) rows")
    }
}
