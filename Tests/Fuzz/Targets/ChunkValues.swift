import SpillwayParquet
import SpillwayPlatform

/// The values of a column chunk.
enum ChunkValues: Equatable {
    case int32([Int32])
    case int64([Int64])
    /// As UTF-8: strings that differ in bytes may be equal in Swift.
    case strings([[UInt8]])

    init(
        _ bytes: [UInt8], _ metadata: ColumnChunkMetadata, _ decoder: inout ColumnChunkDecoder
    ) throws {
        let count = metadata.valueCount
        switch metadata.type {
        case .int32:
            var values = [Int32](repeating: 0, count: count)
            try bytes.withUnsafeBytes { bytes in
                try values.withUnsafeMutableBufferPointer { values in
                    try decoder.decode(bytes, metadata, into: values)
                }
            }
            self = .int32(values)
        case .int64:
            var values = [Int64](repeating: 0, count: count)
            try bytes.withUnsafeBytes { bytes in
                try values.withUnsafeMutableBufferPointer { values in
                    try decoder.decode(bytes, metadata, into: values)
                }
            }
            self = .int64(values)
        case .byteArray:
            var codes = [UInt16](repeating: 0, count: count)
            let names = try bytes.withUnsafeBytes { bytes in
                try codes.withUnsafeMutableBufferPointer { codes in
                    try decoder.decode(bytes, metadata, into: codes)
                }
            }
            self = .strings(codes.map { Array(names[Int($0)].utf8) })
        }
    }

    private var type: ColumnType {
        switch self {
        case .int32: .int32
        case .int64: .int64
        case .strings: .string
        }
    }

    private var count: Int {
        switch self {
        case .int32(let values): values.count
        case .int64(let values): values.count
        case .strings(let values): values.count
        }
    }

    /// As a chunk of its own.
    func encoded() -> (ColumnChunkMetadata, [UInt8]) {
        let schema = ParquetSchema(columns: [ParquetColumn(name: "column", type: type)])
        var encoder = RowGroupEncoder(schema: schema, pageRows: 4096)
        var output = ByteBuffer()
        encoder.begin(rowCount: count)
        switch self {
        case .int32(let values): values.withUnsafeBufferPointer { encoder.append(int32: $0, to: 0) }
        case .int64(let values): values.withUnsafeBufferPointer { encoder.append(int64: $0, to: 0) }
        case .strings(let values):
            let names = Array(Set(values))
            let codes = Dictionary(uniqueKeysWithValues: zip(names, UInt16(0)...))
            let column = values.map { codes[$0] ?? 0 }
            let strings = names.map { String(decoding: $0, as: UTF8.self) }
            column.withUnsafeBufferPointer { encoder.encode(codes: $0, names: strings, as: 0) }
        }
        return (encoder.finish(into: &output).columns[0], output.withUnsafeBytes { Array($0) })
    }
}
