import SpillwayPlatform

/// Makes a Parquet file of nested rows in memory: one page a column and row group, PLAIN, LZ4_RAW where it pays.
package struct NestedFileWriter: ~Copyable {
    private let fields: [NestedField]
    private var output = ByteBuffer()
    private var rowGroups: [NestedRowGroup] = []
    private var pages = PageWriter()

    package init(_ fields: [NestedField]) {
        self.fields = fields
        output.append(ParquetFooter.magic)
    }

    /// Appends a row group; `rows` are at least one and fit the schema.
    package mutating func append(_ rows: some Sequence<[NestedValue]>) {
        var shredder = NestedShredder(fields)
        var rowCount = 0
        for row in rows {
            shredder.append(row)
            rowCount += 1
        }
        precondition(rowCount > 0 && rowCount <= NestedRowGroup.maximumRowCount)
        rowGroups.append(NestedRowGroup(rowCount: rowCount, chunks: shredder.columns.map { append($0) }))
    }

    private mutating func append(_ column: NestedColumn) -> NestedChunk {
        let offset = output.count
        pages.body.removeAll()
        NestedPage.encode(column, into: &pages.body)
        let valueCount = column.definitions.count
        let codec = pages.codecOfBody()
        let uncompressed = pages.write(.data(valueCount: valueCount, encoding: .plain), codec, into: &output)
        return NestedChunk(
            path: column.leaf.path, physicalType: column.leaf.kind.physicalType ?? 0, codec: codec,
            valueCount: valueCount, uncompressedByteCount: uncompressed, offset: UInt64(offset),
            byteCount: output.count - offset)
    }

    /// The whole file.
    package consuming func finish(keyValueMetadata: [String: String] = [:]) -> [UInt8] {
        var writer = ThriftWriter()
        writer.structure { file in
            file.field(1, i32: 1)
            file.field(2, list: NestedElement.all(of: fields), of: .structure) { $1.write(to: &$0) }
            file.field(3, i64: Int64(rowGroups.reduce(0) { $0 + $1.rowCount }))
            file.field(4, list: rowGroups, of: .structure) { $1.write(to: &$0) }
            if !keyValueMetadata.isEmpty {
                file.field(5, list: keyValueMetadata.sorted { $0.key < $1.key }, of: .structure) { writer, entry in
                    writer.structure {
                        $0.field(1, binary: entry.key.utf8)
                        $0.field(2, binary: entry.value.utf8)
                    }
                }
            }
            file.field(6, binary: "spillway".utf8)
            // TypeDefinedOrder for every leaf.
            file.field(7, list: NestedLeaf.all(of: fields), of: .structure) { writer, _ in
                writer.structure { $0.field(1) { _ in } }
            }
        }
        output.append(writer.bytes)
        output.append(littleEndian: UInt32(writer.bytes.count))
        output.append(ParquetFooter.magic)
        return output.withUnsafeBytes { Array($0) }
    }
}
