import SpillwayPlatform
import SpillwayTestSupport

@testable import SpillwayInterchange
@testable import SpillwayParquet

/// A Parquet file of one row group of one column, whose every claim can be a lie.
struct TestFile {
    struct Page {
        var type = PageType.data
        var valueCount: Int
        var encoding = Encoding.plain
        /// Levels first, as the page's version has them.
        var body: [UInt8]
        var uncompressedByteCount: Int?
        var levelByteCounts = (repetition: 0, definition: 0)
    }
    /// parquet.thrift `SchemaElement`.
    struct Node {
        var name: String
        var storedType: StoredType?
        var repetition = SchemaNode.Repetition.required
        var childCount = 0
        var convertedType: Int32?
    }

    var nodes: [Node]
    var pages: [Page]
    var rowCount: Int
    var codec: Int32 = 0
    /// What is added to the chunk's place and size.
    var offsetError: Int64 = 0
    var byteCountError: Int64 = 0

    /// A column `x` of that type.
    init(
        _ type: StoredType, isOptional: Bool = false, convertedType: Int32? = nil, rowCount: Int, _ pages: [Page]
    ) {
        nodes = [
            Node(name: "schema", storedType: nil, childCount: 1),
            Node(
                name: "x", storedType: type, repetition: isOptional ? .optional : .required,
                convertedType: convertedType),
        ]
        self.pages = pages
        self.rowCount = rowCount
    }

    var bytes: [UInt8] {
        var bytes = ParquetFooter.magic
        let start = Int64(bytes.count)
        for page in pages { bytes += Self.header(page) + page.body }
        let byteCount = Int64(bytes.count) - start
        let footer = footer(start + offsetError, byteCount + byteCountError)
        return bytes + footer + UInt32(footer.count).littleEndianBytes + ParquetFooter.magic
    }

    private static func header(_ page: Page) -> [UInt8] {
        var writer = ThriftWriter()
        writer.structure { header in
            header.field(1, i32: page.type.rawValue)
            header.field(2, i32: Int32(page.uncompressedByteCount ?? page.body.count))
            header.field(3, i32: Int32(page.body.count))
            switch page.type {
            case .data:
                header.field(5) {
                    $0.field(1, i32: Int32(page.valueCount))
                    $0.field(2, i32: page.encoding.rawValue)
                    $0.field(3, i32: Encoding.rle.rawValue)
                    $0.field(4, i32: Encoding.rle.rawValue)
                }
            case .dictionary:
                header.field(7) {
                    $0.field(1, i32: Int32(page.valueCount))
                    $0.field(2, i32: page.encoding.rawValue)
                }
            case .dataV2:
                header.field(8) {
                    $0.field(1, i32: Int32(page.valueCount))
                    $0.field(2, i32: 0)
                    $0.field(3, i32: Int32(page.valueCount))
                    $0.field(4, i32: page.encoding.rawValue)
                    $0.field(5, i32: Int32(page.levelByteCounts.definition))
                    $0.field(6, i32: Int32(page.levelByteCounts.repetition))
                }
            }
        }
        return writer.bytes
    }

    private func footer(_ offset: Int64, _ byteCount: Int64) -> [UInt8] {
        var writer = ThriftWriter()
        writer.structure { footer in
            footer.field(1, i32: 1)
            footer.field(2, list: nodes, of: .structure) { writer, node in
                writer.structure { element in
                    if let type = node.storedType { element.field(1, i32: type.rawValue) }
                    element.field(3, i32: node.repetition.rawValue)
                    element.field(4, binary: node.name.utf8)
                    if node.storedType == nil { element.field(5, i32: Int32(node.childCount)) }
                    if let type = node.convertedType { element.field(6, i32: type) }
                }
            }
            footer.field(3, i64: Int64(rowCount))
            footer.field(4, list: [0], of: .structure) { writer, _ in
                writer.structure { group in
                    group.field(1, list: [0], of: .structure) { writer, _ in
                        writer.structure { chunk in
                            chunk.field(2, i64: 0)
                            chunk.field(3) { writeMetadata(&$0, offset, byteCount) }
                        }
                    }
                    group.field(2, i64: byteCount)
                    group.field(3, i64: Int64(rowCount))
                }
            }
        }
        return writer.bytes
    }

    private func writeMetadata(_ metadata: inout ThriftWriter, _ offset: Int64, _ byteCount: Int64) {
        metadata.field(1, i32: nodes.compactMap(\.storedType).first?.rawValue ?? 0)
        metadata.field(2, list: [Encoding.plain], of: .i32) { $0.append(zigzag: Int64($1.rawValue)) }
        metadata.field(3, list: nodes.dropFirst().map(\.name), of: .binary) { $0.append(binary: $1.utf8) }
        metadata.field(4, i32: codec)
        metadata.field(5, i64: Int64(rowCount))
        metadata.field(6, i64: byteCount)
        metadata.field(7, i64: byteCount)
        metadata.field(9, i64: offset)
    }

    /// The values of the column, nil for nulls; those of some rows, if asked for.
    func values(_ rows: Range<Int>? = nil) throws -> [Int64?] {
        let vector = try vector(rows)
        return (0..<vector.count).map { vector.isNull($0) ? nil : vector.integers[$0] }
    }

    func texts(_ rows: Range<Int>? = nil) throws -> [String?] {
        let vector = try vector(rows)
        return (0..<vector.count).map { vector.isNull($0) ? nil : vector.texts[Int(vector.codes[$0])] }
    }

    private func vector(_ rows: Range<Int>?) throws -> ColumnVector {
        let directory = TemporaryDirectory()
        let file = try InterchangeFile(PosixSystem().open(directory.file("t.parquet", bytes), .read))
        var reader = ColumnReader(file)
        let group = file.rowGroups[0]
        return try reader.read(file.columns[0], rows: rows ?? 0..<group.rowCount, of: group)
    }
}
