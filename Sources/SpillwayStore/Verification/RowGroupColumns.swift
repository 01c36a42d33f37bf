import SpillwayParquet
import SpillwayPlatform

/// The columns of one row group after the other, in memory that is reused. Used by one thread at a time.
final class RowGroupColumns {
    private(set) var rowCount = 0
    private(set) var registeredAt: [Int64] = []
    private(set) var identities: [Int64] = []
    private(set) var latencyUs: [Int32] = []
    private var codes: [SegmentColumn: [UInt16]] = [:]
    private var names: [SegmentColumn: [String]] = [:]
    private var decoder = ColumnChunkDecoder()

    func names(of column: SegmentColumn) -> [String] { names[column] ?? [] }

    /// Indexes into ``names(of:)``; the first ``rowCount`` count.
    func withCodes<Result>(of column: SegmentColumn, _ body: (UnsafeBufferPointer<UInt16>) throws -> Result) rethrows
        -> Result
    {
        try (codes[column] ?? []).withUnsafeBufferPointer { try body(.init(rebasing: $0[..<rowCount])) }
    }

    /// Makes room for a row group.
    func begin(_ rowGroup: RowGroupMetadata) {
        rowCount = rowGroup.rowCount
        registeredAt.grow(to: rowCount)
        identities.grow(to: rowCount)
        latencyUs.grow(to: rowCount)
    }

    /// Decodes one column of the row group that was begun.
    func decode(
        _ column: SegmentColumn, _ chunk: ColumnChunkMetadata, _ bytes: UnsafeRawBufferPointer
    ) throws(ParquetError) {
        switch column {
        case .registeredAt: try decode(bytes, chunk, into: &registeredAt)
        case .identity: try decode(bytes, chunk, into: &identities)
        case .latencyUs:
            try latencyUs.withFirst(rowCount) { (values) throws(ParquetError) in
                try decoder.decode(bytes, chunk, into: values)
            }
        case .country, .region, .platform, .source:
            var values = codes.removeValue(forKey: column) ?? []
            values.grow(to: rowCount)
            names[column] = try values.withFirst(rowCount) { (values) throws(ParquetError) in
                try decoder.decode(bytes, chunk, into: values)
            }
            codes[column] = values
        }
    }

    private func decode(
        _ bytes: UnsafeRawBufferPointer, _ chunk: ColumnChunkMetadata, into column: inout [Int64]
    ) throws(ParquetError) {
        try column.withFirst(rowCount) { (values) throws(ParquetError) in
            try decoder.decode(bytes, chunk, into: values)
        }
    }
}
