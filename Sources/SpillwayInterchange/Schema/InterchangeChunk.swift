internal import SpillwayParquet

/// One column of a row group: where its pages are, and what is said of its values.
package struct InterchangeChunk: Sendable, Hashable {
    private(set) var path: [String] = []
    private(set) var storedTypeCode: Int32 = -1
    private(set) var codecCode: Int32 = 0
    /// Nulls included.
    private(set) var valueCount = 0
    /// Of all pages, with their headers.
    private(set) var byteCount = 0
    /// Of the first page.
    private(set) var offset: UInt64 = 0
    /// Why it cannot be read at all, if it cannot.
    private(set) var problem: String?
    /// Least and greatest value as in PLAIN, of the columns whose values are numbers; nil if the writer did not say.
    private var min: [UInt8]?
    private var max: [UInt8]?

    /// Longer statistics are strings, of which none are wanted.
    private static let maximumStatisticByteCount = 8

    /// Least and greatest of the values that are not null, as ``ColumnVector/integers`` would have them.
    func bounds(of column: InterchangeColumn) -> ClosedRange<Int64>? {
        guard let min = min.flatMap({ Self.value($0, column) }), let max = max.flatMap({ Self.value($0, column) }),
            min <= max
        else { return nil }
        return min...max
    }

    /// Signed integers alone: their order is the one of the statistics, and of what comes of them.
    private static func value(_ bytes: [UInt8], _ column: InterchangeColumn) -> Int64? {
        switch (column.type, column.storedType) {
        case (.signed, .int32), (.date, .int32): Int32(littleEndianBytes: bytes).map(Int64.init)
        case (.signed, .int64), (.timestamp, .int64): Int64(littleEndianBytes: bytes)
        default: nil
        }
    }

    /// Without a column order, least and greatest have no meaning.
    mutating func dropStatistics() { (min, max) = (nil, nil) }

    /// parquet.thrift `ColumnChunk`.
    init(_ reader: inout ThriftReader) throws(ParquetError) {
        var chunk = InterchangeChunk()
        var hasMetadata = false
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1:
                chunk.problem = "its values lie in another file"
                try reader.skip(field)
            case 3:
                hasMetadata = true
                try chunk.readMetadata(field, &reader)
            case 8:
                chunk.problem = "it is encrypted"
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
        if !hasMetadata { chunk.problem = chunk.problem ?? "it has no metadata" }
        self = chunk
    }

    private init() {}

    /// parquet.thrift `ColumnMetaData`.
    private mutating func readMetadata(
        _ field: ThriftReader.Field, _ reader: inout ThriftReader
    ) throws(ParquetError) {
        var (dataPageOffset, dictionaryPageOffset): (Int?, Int?)
        var result = self
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: result.storedTypeCode = try reader.i32(field)
            case 3:
                try reader.list(field, of: .binary) { (reader) throws(ParquetError) in
                    result.path.append(try reader.string())
                }
            case 4: result.codecCode = try reader.i32(field)
            case 5: result.valueCount = try reader.count64(field)
            case 7: result.byteCount = try reader.count64(field)
            case 9: dataPageOffset = try reader.count64(field)
            case 11: dictionaryPageOffset = Int(clamping: try reader.i64(field))
            case 12: try result.readStatistics(field, &reader)
            default: try reader.skip(field)
            }
        }
        guard let dataPageOffset else { throw reader.damaged("column metadata lacks a required field") }
        // Some writers say 0, or less, where there is no dictionary.
        let dictionary = dictionaryPageOffset.flatMap { $0 > 0 && $0 < dataPageOffset ? $0 : nil }
        result.offset = UInt64(dictionary ?? dataPageOffset)
        self = result
    }

    /// parquet.thrift `Statistics`.
    private mutating func readStatistics(
        _ field: ThriftReader.Field, _ reader: inout ThriftReader
    ) throws(ParquetError) {
        var result = self
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 5: result.max = Self.statistic(try reader.binary(field))
            case 6: result.min = Self.statistic(try reader.binary(field))
            default: try reader.skip(field)
            }
        }
        self = result
    }

    private static func statistic(_ bytes: [UInt8]) -> [UInt8]? {
        bytes.count <= maximumStatisticByteCount ? bytes : nil
    }
}
