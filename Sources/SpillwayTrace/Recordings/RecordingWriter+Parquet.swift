internal import SpillwayModel
import SpillwayParquet
internal import SpillwayPlatform

/// Writes what ``ParquetRecording`` reads: gathers rows in columns until they fill a row group.
final class ParquetRecordingEncoder: RecordingEncoder {
    static let rowGroupRows = 1 << 18

    private static let schema = ParquetSchema(
        columns: RecordingColumn.allCases.map { ParquetColumn(name: $0.rawValue, type: $0.type) })

    private var registeredAt: [Int64] = []
    private var identity: [Int64] = []
    private var country: [UInt16] = []
    private var region: [UInt16] = []
    private var platform: [UInt16] = []
    private var source: [UInt16] = []
    private var latencyUs: [Int32] = []
    private var arrivedAt: [Int64] = []

    private var encoder = RowGroupEncoder(schema: schema)
    private var output = ByteBuffer()
    private var rowGroups: [RowGroupMetadata] = []

    /// An empty name, the last one, stands for what is unknown.
    private static let countryNames = Country.codes + [""]
    private static let regionNames = Region.allCases.map(\.rawValue) + [""]

    func begin(_ file: RecordingFile) throws(TraceError) {
        output.append(ParquetFooter.magic)
        try file.append(output)
    }

    func append(_ slice: TraceSlice, firstRow: Int, to file: RecordingFile) throws(TraceError) {
        var start = 0
        while start < slice.count {
            let end = min(slice.count, start + Self.rowGroupRows - registeredAt.count)
            gather(start..<end, of: slice)
            if registeredAt.count == Self.rowGroupRows { try writeRowGroup(to: file) }
            start = end
        }
    }

    private func gather(_ rows: Range<Int>, of slice: TraceSlice) {
        let attempts = slice.batch
        registeredAt += attempts.registeredAt[rows].lazy.map(\.rawValue)
        identity += attempts.identity[rows].lazy.map { Int64(bitPattern: $0.rawValue) }
        platform += attempts.platform[rows].lazy.map(\.code)
        source += attempts.source[rows].lazy.map(\.code)
        latencyUs += attempts.latencyUs[rows]
        arrivedAt += slice.arrivedAt[rows].lazy.map(\.rawValue)
        for row in rows {
            let isKnown = attempts.country[row] != .unknown
            let index = Int(attempts.country[row].index)
            country.append(UInt16(isKnown ? index : Country.codes.count))
            region.append(isKnown ? Country.regionCodes[index] : UInt16(Region.allCases.count))
        }
    }

    private func writeRowGroup(to file: RecordingFile) throws(TraceError) {
        let labels = Label.names
        name(&platform, among: labels)
        name(&source, among: labels)
        output.removeAll()
        encoder.begin(rowCount: registeredAt.count)
        registeredAt.withUnsafeBufferPointer { encoder.append(int64: $0, to: Self.place(of: .registeredAt)) }
        identity.withUnsafeBufferPointer { encoder.append(int64: $0, to: Self.place(of: .identity)) }
        country.withUnsafeBufferPointer {
            encoder.encode(codes: $0, names: Self.countryNames, as: Self.place(of: .country))
        }
        region.withUnsafeBufferPointer {
            encoder.encode(codes: $0, names: Self.regionNames, as: Self.place(of: .region))
        }
        platform.withUnsafeBufferPointer {
            encoder.encode(codes: $0, names: labels + [""], as: Self.place(of: .platform))
        }
        source.withUnsafeBufferPointer { encoder.encode(codes: $0, names: labels + [""], as: Self.place(of: .source)) }
        latencyUs.withUnsafeBufferPointer { encoder.append(int32: $0, to: Self.place(of: .latencyUs)) }
        arrivedAt.withUnsafeBufferPointer { encoder.append(int64: $0, to: Self.place(of: .arrivedAt)) }
        rowGroups.append(encoder.finish(into: &output).rebased(by: file.byteCount))
        try file.append(output)
        removeAll()
    }

    private static func place(of column: RecordingColumn) -> Int {
        RecordingColumn.allCases.firstIndex(of: column) ?? 0
    }

    /// Has ``Label/invalid`` mean the empty name behind `labels`.
    private func name(_ codes: inout [UInt16], among labels: [String]) {
        for row in codes.indices where codes[row] == Label.invalid.code { codes[row] = UInt16(labels.count) }
    }

    private func removeAll() {
        registeredAt.removeAll(keepingCapacity: true)
        identity.removeAll(keepingCapacity: true)
        country.removeAll(keepingCapacity: true)
        region.removeAll(keepingCapacity: true)
        platform.removeAll(keepingCapacity: true)
        source.removeAll(keepingCapacity: true)
        latencyUs.removeAll(keepingCapacity: true)
        arrivedAt.removeAll(keepingCapacity: true)
    }

    func finish(_ file: RecordingFile) throws(TraceError) {
        if !registeredAt.isEmpty { try writeRowGroup(to: file) }
        output.removeAll()
        let footer = ParquetFooter(schema: Self.schema, rowGroups: rowGroups, createdBy: "spillway")
        footer.serialize(at: file.byteCount, into: &output)
        try file.append(output)
    }
}
