package import SpillwayParquet
package import SpillwayPlatform

/// A Parquet file that any program may have written: the footer is read, columns when they are asked for.
package struct InterchangeFile: Sendable {
    package let file: any File
    /// All columns of values, also those that cannot be read.
    package private(set) var columns: [InterchangeColumn] = []
    package private(set) var rowGroups: [InterchangeRowGroup] = []
    /// The program that wrote the file; empty if it does not say.
    package private(set) var createdBy = ""
    /// Where pages are.
    let pages: Range<UInt64>

    /// A footer that is larger is refused: it would be held in memory.
    package static let maximumFooterByteCount = 128 << 20
    /// A row group of more rows is refused: a few bytes can claim any number, and work is to be bounded by them.
    package static let maximumRowGroupRows = 1 << 24

    /// - Complexity: O(size of the footer)
    package init(_ file: any File) throws(ParquetError) {
        self.file = file
        let place = try ParquetFooter.place(in: file)
        pages = UInt64(ParquetFooter.magic.count)..<max(UInt64(ParquetFooter.magic.count), place.lowerBound)
        guard place.count <= Self.maximumFooterByteCount else {
            throw .unsupported(offset: place.lowerBound, problem: "a footer of \(place.count) bytes")
        }
        let bytes = try file.bytes(in: place)
        try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
            try parse(ThriftReader(ByteReader(bytes, fileOffset: place.lowerBound)))
        }
    }

    package var rowCount: Int { rowGroups.reduce(0) { $0 + $1.rowCount } }

    /// The columns that a name stands for: one, unless the file lacks it or has several.
    package func columns(named name: String) -> [InterchangeColumn] { columns.filter { $0.name == name } }

    /// parquet.thrift `FileMetaData`.
    private mutating func parse(_ start: ThriftReader) throws(ParquetError) {
        var reader = start
        var nodes: [SchemaNode] = []
        var groups: [InterchangeRowGroup] = []
        var rowCount: Int?
        var hasColumnOrders = false
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 2:
                try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
                    nodes.append(try SchemaNode(&reader))
                }
            case 3: rowCount = try reader.count64(field)
            case 4:
                try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
                    groups.append(try InterchangeRowGroup(&reader))
                }
            case 6: createdBy = try reader.string(field)
            case 7:
                hasColumnOrders = true
                try reader.skip(field)
            case 8: throw reader.unsupported("an encrypted file")
            default: try reader.skip(field)
            }
        }
        for (index, group) in groups.enumerated() where group.rowCount > Self.maximumRowGroupRows {
            throw reader.unsupported(
                "row group \(index) has \(group.rowCount) rows, more than the \(Self.maximumRowGroupRows) that are "
                    + "read: write smaller row groups")
        }
        if !hasColumnOrders { for index in groups.indices { groups[index].dropStatistics() } }
        columns = try InterchangeColumn.leaves(of: nodes, reader)
        rowGroups = groups
        // Each has at most 2²⁴ rows and takes a byte of the footer at least: the sum cannot overflow.
        guard rowCount == self.rowCount else {
            throw reader.damaged("row groups hold \(self.rowCount) rows, the footer says \(rowCount ?? 0)")
        }
    }
}
