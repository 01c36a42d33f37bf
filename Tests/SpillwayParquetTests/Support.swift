import SpillwayParquet
import SpillwayPlatform
import Testing
import Synchronization

/// Bytes as a file, for reading.
final class MemoryFile: File {
    let path = "memory"
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func size() -> UInt64 { UInt64(bytes.count) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) -> Int {
        let rest = bytes.dropFirst(Int(clamping: offset)).prefix(buffer.count)
        buffer.copyBytes(from: rest)
        return rest.count
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) { throw readOnly }
    func sync() throws(SystemError) { throw readOnly }
    func truncate(to size: UInt64) throws(SystemError) { throw readOnly }
    func tryLock() throws(SystemError) -> Bool { throw readOnly }

    private var readOnly: SystemError { SystemError(call: "write", path: path, code: 30) }
}

/// The values of a column.
enum Values: Equatable {
    case int64([Int64])
    case int32([Int32])
    case strings([String])

    static func == (a: Values, b: Values) -> Bool {
        switch (a, b) {
        case (.int64(let a), .int64(let b)): a == b
        case (.int32(let a), .int32(let b)): a == b
        // Strings that differ in bytes may be equal in Swift.
        case (.strings(let a), .strings(let b)): a.elementsEqual(b) { $0.utf8.elementsEqual($1.utf8) }
        default: false
        }
    }

    var count: Int {
        switch self {
        case .int64(let values): values.count
        case .int32(let values): values.count
        case .strings(let values): values.count
        }
    }

    var type: ColumnType {
        switch self {
        case .int64: .int64
        case .int32: .int32
        case .strings: .string
        }
    }

    mutating func append(_ other: Values) {
        switch (self, other) {
        case (.int64(let a), .int64(let b)): self = .int64(a + b)
        case (.int32(let a), .int32(let b)): self = .int32(a + b)
        case (.strings(let a), .strings(let b)): self = .strings(a + b)
        default: preconditionFailure("columns of different types")
        }
    }
}

/// Encodes row groups of unnamed columns into a file, with `gap` bytes of junk before each.
func makeFile(_ rowGroups: [[Values]], pageRows: Int = 65_536, gap: Int = 0) -> [UInt8] {
    let types = rowGroups.first?.map(\.type) ?? []
    let schema = ParquetSchema(
        columns: types.enumerated().map { ParquetColumn(name: "column\($0.offset)", type: $0.element) })
    var encoder = RowGroupEncoder(schema: schema, pageRows: pageRows)
    var output = ByteBuffer()
    output.append(ParquetFooter.magic)
    var metadata: [RowGroupMetadata] = []
    for columns in rowGroups {
        output.append(repeatElement(0xa5, count: gap))
        let base = output.count
        metadata.append(encode(columns, with: &encoder, into: &output).rebased(by: UInt64(base)))
    }
    let footer = ParquetFooter(
        schema: schema, rowGroups: metadata, keyValueMetadata: ["key": "value"], createdBy: "spillway tests")
    footer.serialize(at: UInt64(output.count), into: &output)
    return output.withUnsafeBytes { Array($0) }
}

func encode(
    _ columns: [Values], with encoder: inout RowGroupEncoder, into output: inout ByteBuffer
) -> RowGroupMetadata {
    encoder.begin(rowCount: columns.first?.count ?? 0)
    for (index, column) in columns.enumerated() {
        switch column {
        case .int64(let values):
            values.withUnsafeBufferPointer { encoder.append(int64: $0, to: index) }
        case .int32(let values):
            values.withUnsafeBufferPointer { encoder.append(int32: $0, to: index) }
        case .strings(let values):
            let names = Array(Set(values)).sorted { $0.count < $1.count }
            let codes = Dictionary(uniqueKeysWithValues: zip(names, UInt16(0)...))
            let column = values.map { codes[$0] ?? 0 }
            column.withUnsafeBufferPointer { encoder.encode(codes: $0, names: names, as: index) }
        }
    }
    return encoder.finish(into: &output)
}

/// Every column of a file, by name.
func readFile(_ bytes: [UInt8]) throws(ParquetError) -> [String: Values] {
    let file = MemoryFile(bytes)
    let footer = try ParquetFooter.read(from: file)
    var decoder = ColumnChunkDecoder()
    var result: [String: Values] = [:]
    for group in footer.rowGroups {
        for column in group.columns {
            let values = try decode(column, of: file, with: &decoder)
            if result[column.name]?.append(values) == nil { result[column.name] = values }
        }
    }
    return result
}

/// Some of how many of a column's first values can be asked for.
private func firstCounts(of column: ColumnChunkMetadata) -> [Int] {
    [0, 1, column.valueCount / 3, column.valueCount * 2 / 3, column.valueCount - 1].filter { $0 >= 0 }
}

/// All of a column's values; its first ones, where they are asked for alone, are the same.
func decode(
    _ column: ColumnChunkMetadata, of file: MemoryFile, with decoder: inout ColumnChunkDecoder
) throws(ParquetError) -> Values {
    var chunk = ByteBuffer()
    try column.read(from: file, into: &chunk)
    // Room for what the rows of a test can be; a damaged count is no reason to ask for more.
    guard column.valueCount <= 100_000 else { throw .damaged(offset: 0, problem: "too many rows for a test") }
    return try chunk.withUnsafeBytes { (chunk) throws(ParquetError) in
        switch column.type {
        case .int64:
            var values = [Int64](repeating: 0, count: column.valueCount)
            try values.withUnsafeMutableBufferPointer { (room) throws(ParquetError) in
                try decoder.decode(chunk, column, into: room)
            }
            for count in firstCounts(of: column) {
                var first = [Int64](repeating: 0, count: count)
                try first.withUnsafeMutableBufferPointer { (room) throws(ParquetError) in
                    try decoder.decode(chunk, column, into: room)
                }
                #expect(first.elementsEqual(values[..<count]))
            }
            return .int64(values)
        case .int32:
            var values = [Int32](repeating: 0, count: column.valueCount)
            try values.withUnsafeMutableBufferPointer { (room) throws(ParquetError) in
                try decoder.decode(chunk, column, into: room)
            }
            for count in firstCounts(of: column) {
                var first = [Int32](repeating: 0, count: count)
                try first.withUnsafeMutableBufferPointer { (room) throws(ParquetError) in
                    try decoder.decode(chunk, column, into: room)
                }
                #expect(first.elementsEqual(values[..<count]))
            }
            return .int32(values)
        case .byteArray:
            var codes = [UInt16](repeating: 0, count: column.valueCount)
            let names = try codes.withUnsafeMutableBufferPointer { (room) throws(ParquetError) in
                try decoder.decode(chunk, column, into: room)
            }
            return .strings(codes.map { names[Int($0)] })
        }
    }
}
