import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// One column of a row group of telephone numbers, from values to pages: encoding, the choice of a codec, statistics,
/// checksums.
final class ColumnEncoding: StageWork {
    private enum Values {
        case int64([Int64])
        case int32([Int32])
        case codes([UInt16], names: [String])
    }

    private let values: Values
    private var encoder: RowGroupEncoder
    private var output = ByteBuffer()
    let unitCount: Int

    init(rows: Int, _ column: SegmentColumn) {
        unitCount = rows
        values = Self.values(of: column, in: SurgeBatch.make(rows: rows, .e164).sortedByIdentity())
        encoder = RowGroupEncoder(schema: ParquetSchema(columns: [segmentSchema.columns[column.rawValue]]))
    }

    func run() {
        output.removeAll()
        encoder.begin(rowCount: unitCount)
        switch values {
        case .int64(let values): values.withUnsafeBufferPointer { encoder.append(int64: $0, to: 0) }
        case .int32(let values): values.withUnsafeBufferPointer { encoder.append(int32: $0, to: 0) }
        case .codes(let codes, let names):
            codes.withUnsafeBufferPointer { encoder.encode(codes: $0, names: names, as: 0) }
        }
        _ = encoder.finish(into: &output)
    }

    private static func values(of column: SegmentColumn, in batch: RegistrationBatch) -> Values {
        switch column {
        case .registeredAt: .int64(batch.registeredAt.map(\.rawValue))
        case .identity: .int64(batch.identity.map { Int64(bitPattern: $0.rawValue) })
        case .country: .codes(batch.country.map { UInt16($0.index) }, names: Country.codes)
        case .region:
            .codes(
                batch.country.map { Country.regionCodes[Int($0.index)] }, names: Region.allCases.map(\.rawValue))
        case .platform: .codes(batch.platform.map(\.code), names: Label.names)
        case .source: .codes(batch.source.map(\.code), names: Label.names)
        case .latencyUs: .int32(batch.latencyUs)
        }
    }
}
