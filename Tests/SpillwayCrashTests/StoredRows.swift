import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Holds stored rows against a trace, and tells which of its registrations they are.
///
/// What a row group holds is remembered by its bytes, so that a store is decoded once, not again after every kill.
struct StoredRows {
    private struct Key: Hashable {
        var segment: SegmentName
        var metadata: RowGroupMetadata
        var checksum: UInt32
    }

    let model: TraceModel
    private var known: [Key: OrdinalSet] = [:]

    init(_ model: TraceModel) { self.model = model }

    /// - Throws: ``CrashFinding`` if a row is none of the trace's, differs from it, or is there twice.
    mutating func ordinals(in view: StoreView) throws -> OrdinalSet {
        var all = try ordinals(view.journaled, in: "the journal")
        for segment in view.segments {
            let file = try segment.openFile()
            for (index, rowGroup) in segment.rowGroups.enumerated() {
                let part = try ordinals(rowGroup, of: segment, file)
                if let twice = all.take(part) {
                    throw CrashFinding(
                        "\(model.accepted[twice].identity) is stored twice, once in row group \(index) of \(segment.path)"
                    )
                }
            }
        }
        return all
    }

    private func ordinals(_ rows: RegistrationBatch, in place: String) throws(CrashFinding) -> OrdinalSet {
        var found = OrdinalSet(capacity: model.accepted.count)
        for row in 0..<rows.count {
            let stored = rows[row]
            guard let ordinal = model.ordinal(of: stored.identity) else {
                throw CrashFinding("\(place) holds \(stored), whose identity the trace does not have")
            }
            try demand(
                stored == model.accepted[ordinal],
                "\(place) holds \(stored), where the trace has \(model.accepted[ordinal])")
            try demand(found.insert(ordinal), "\(place) holds \(stored.identity) twice")
        }
        return found
    }

    private mutating func ordinals(
        _ rowGroup: RowGroupMetadata, of segment: StoredSegment, _ file: any File
    ) throws -> OrdinalSet {
        var bytes = ByteBuffer()
        var checksum: UInt32 = 0
        for column in rowGroup.columns {
            try column.read(from: file, into: &bytes)
            checksum = bytes.withUnsafeBytes { crc32c($0, seed: checksum) }
        }
        let key = Key(segment: segment.name, metadata: rowGroup, checksum: checksum)
        if let ordinals = known[key] { return ordinals }
        let found = try ordinals(RegistrationBatch(reading: rowGroup, from: file), in: segment.path)
        known[key] = found
        return found
    }
}

extension RegistrationBatch {
    /// All columns of a row group.
    fileprivate init(reading rowGroup: RowGroupMetadata, from file: any File) throws {
        var reader = RowGroupReader(rowGroup: rowGroup, file: file)
        let times = try reader.int64s(.registeredAt)
        let identities = try reader.int64s(.identity)
        let latencies = try reader.int32s(.latencyUs)
        let countries = try reader.strings(.country) { Country($0) ?? .unknown }
        let regions = try reader.strings(.region) { Region(rawValue: $0) }
        let platforms = try reader.strings(.platform) { Label($0) ?? .invalid }
        let sources = try reader.strings(.source) { Label($0) ?? .invalid }
        self.init()
        reserveCapacity(rowGroup.rowCount)
        for row in 0..<rowGroup.rowCount {
            try demand(
                countries[row].region == regions[row],
                "\(file.path) has \(countries[row]) in \(regions[row]?.rawValue ?? "no region")")
            append(
                Registration(
                    registeredAt: Timestamp(rawValue: times[row]),
                    identity: Identity(rawValue: UInt64(bitPattern: identities[row])), country: countries[row],
                    platform: platforms[row], source: sources[row], latencyUs: Int(latencies[row])))
        }
    }
}

/// Decodes one row group's columns.
private struct RowGroupReader: ~Copyable {
    let rowGroup: RowGroupMetadata
    let file: any File
    private var chunk = ByteBuffer()
    private var decoder = ColumnChunkDecoder()

    init(rowGroup: RowGroupMetadata, file: any File) {
        self.rowGroup = rowGroup
        self.file = file
    }

    mutating func int64s(_ column: SegmentColumn) throws -> [Int64] {
        let metadata = try load(column)
        var values = [Int64](repeating: 0, count: rowGroup.rowCount)
        try chunk.withUnsafeBytes { bytes in
            try values.withUnsafeMutableBufferPointer { try decoder.decode(bytes, metadata, into: $0) }
        }
        return values
    }

    mutating func int32s(_ column: SegmentColumn) throws -> [Int32] {
        let metadata = try load(column)
        var values = [Int32](repeating: 0, count: rowGroup.rowCount)
        try chunk.withUnsafeBytes { bytes in
            try values.withUnsafeMutableBufferPointer { try decoder.decode(bytes, metadata, into: $0) }
        }
        return values
    }

    /// A column of names, each distinct one turned into a value once.
    mutating func strings<Value>(_ column: SegmentColumn, _ value: (String) -> Value) throws -> [Value] {
        let metadata = try load(column)
        var codes = [UInt16](repeating: 0, count: rowGroup.rowCount)
        let names = try chunk.withUnsafeBytes { bytes in
            try codes.withUnsafeMutableBufferPointer { try decoder.decode(bytes, metadata, into: $0) }
        }
        let values = names.map(value)
        return codes.map { values[Int($0)] }
    }

    private mutating func load(_ column: SegmentColumn) throws -> ColumnChunkMetadata {
        let metadata = rowGroup.columns[column.rawValue]
        try metadata.read(from: file, into: &chunk)
        return metadata
    }
}
