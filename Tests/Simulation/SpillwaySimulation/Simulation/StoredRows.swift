import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Every row that a view of a store holds, by identity.
struct StoredRows {
    private(set) var rows: [UInt64: Registration] = [:]
    /// Identities that are there more than once.
    private(set) var repeated: [UInt64] = []
    /// Segments whose rollup does not count their rows.
    private(set) var miscounted: [String] = []
    /// What became of attempts that brought no row.
    let outcomes: OutcomeTally

    init(_ view: StoreView) throws {
        outcomes = try view.loadOutcomes()
        for row in 0..<view.journaled.count { add(view.journaled[row]) }
        let reader = RowGroupReader()
        for segment in view.segments {
            let file = try segment.openFile()
            var counts: [CountedCell: UInt32] = [:]
            for rowGroup in segment.rowGroups {
                for row in try reader.read(rowGroup, from: file) {
                    add(row)
                    counts[CountedCell(row), default: 0] += 1
                }
            }
            if try segment.loadRollup().map(CountedCell.counts) != counts { miscounted.append(segment.path) }
        }
    }

    /// The identities in a sealed segment, whether it is in the table or not.
    static func identities(inSegment path: String, _ system: SimulatedSystem) throws -> Set<UInt64> {
        let file = try system.open(path, .read)
        let reader = RowGroupReader()
        return try SegmentFooter(reading: file).rowGroups.reduce(into: []) { identities, rowGroup in
            identities.formUnion(try reader.read(rowGroup, from: file).map(\.identity.rawValue))
        }
    }

    private mutating func add(_ row: Registration) {
        if rows.updateValue(row, forKey: row.identity.rawValue) != nil { repeated.append(row.identity.rawValue) }
    }
}

/// What a rollup counts together.
private struct CountedCell: Hashable {
    var key: SeriesKey
    var minute: Int64

    init(_ row: Registration) {
        key = SeriesKey(country: row.country, platform: row.platform, source: row.source)
        minute = Int64((Double(row.registeredAt.rawValue) / 60_000_000).rounded(.down))
    }

    private init(key: SeriesKey, minute: Int32) {
        self.key = key
        self.minute = Int64(minute)
    }

    static func counts(_ rollup: Rollup) -> [CountedCell: UInt32] {
        rollup.series.reduce(into: [:]) { counts, series in
            for cell in series.cells {
                counts[CountedCell(key: series.key, minute: rollup.minutes[cell])] = rollup.counts[cell]
            }
        }
    }
}

/// Decodes row groups whole.
private final class RowGroupReader {
    private var chunk = ByteBuffer()
    private var decoder = ColumnChunkDecoder()

    func read(_ rowGroup: RowGroupMetadata, from file: any File) throws -> [Registration] {
        let times = try integers(.registeredAt, rowGroup, file)
        let identities = try integers(.identity, rowGroup, file)
        let latencies = try latencies(rowGroup, file)
        let countries = try names(.country, rowGroup, file)
        let platforms = try names(.platform, rowGroup, file)
        let sources = try names(.source, rowGroup, file)
        return (0..<rowGroup.rowCount).map { row in
            Registration(
                registeredAt: Timestamp(rawValue: times[row]),
                identity: Identity(rawValue: UInt64(bitPattern: identities[row])),
                country: Country(countries[row]) ?? .unknown, platform: Label(platforms[row]) ?? .invalid,
                source: Label(sources[row]) ?? .invalid, latencyUs: Int(latencies[row]))
        }
    }

    private func load(
        _ column: SegmentColumn, _ rowGroup: RowGroupMetadata, _ file: any File
    ) throws -> ColumnChunkMetadata {
        let metadata = rowGroup.columns[column.rawValue]
        try metadata.read(from: file, into: &chunk)
        return metadata
    }

    private func integers(
        _ column: SegmentColumn, _ rowGroup: RowGroupMetadata, _ file: any File
    ) throws -> [Int64] {
        let metadata = try load(column, rowGroup, file)
        var values = [Int64](repeating: 0, count: rowGroup.rowCount)
        try chunk.withUnsafeBytes { bytes in
            try values.withUnsafeMutableBufferPointer { try decoder.decode(bytes, metadata, into: $0) }
        }
        return values
    }

    private func latencies(_ rowGroup: RowGroupMetadata, _ file: any File) throws -> [Int32] {
        let metadata = try load(.latencyUs, rowGroup, file)
        var values = [Int32](repeating: 0, count: rowGroup.rowCount)
        try chunk.withUnsafeBytes { bytes in
            try values.withUnsafeMutableBufferPointer { try decoder.decode(bytes, metadata, into: $0) }
        }
        return values
    }

    private func names(
        _ column: SegmentColumn, _ rowGroup: RowGroupMetadata, _ file: any File
    ) throws -> [String] {
        let metadata = try load(column, rowGroup, file)
        var codes = [UInt16](repeating: 0, count: rowGroup.rowCount)
        let names = try chunk.withUnsafeBytes { bytes in
            try codes.withUnsafeMutableBufferPointer { try decoder.decode(bytes, metadata, into: $0) }
        }
        return codes.map { names[Int($0)] }
    }
}
