import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Reads a few rows of row groups, and no more pages than they are in. Used by one thread at a time.
final class RowPicker {
    /// A row whose identity is known.
    struct Row {
        var index: Int
        var identity: Int64
    }

    private let chunks: ChunkReader
    // Of the page last read; as long as the longest.
    private var values: [Int64] = []
    private var latencies: [Int32] = []
    private var codes: [UInt16] = []

    init(_ chunks: ChunkReader) { self.chunks = chunks }

    /// - Parameter rows: ascending by index.
    func registrations(
        _ rows: [Row], of rowGroup: LookupRowGroup, _ file: any File
    ) throws(StoreError) -> [Registration] {
        let indexes = rows.map(\.index)
        let countries = try values(.country, at: indexes, of: rowGroup, file)
        let platforms = try values(.platform, at: indexes, of: rowGroup, file)
        let sources = try values(.source, at: indexes, of: rowGroup, file)
        let registeredAt = try integers(.registeredAt, at: indexes, of: rowGroup, file)
        let latencyUs = try integers(.latencyUs, at: indexes, of: rowGroup, file)
        return rows.indices.map { place in
            Registration(
                registeredAt: Timestamp(rawValue: registeredAt[place]),
                identity: Identity(rawValue: UInt64(bitPattern: rows[place].identity)),
                country: Country(index: UInt8(truncatingIfNeeded: countries[place])),
                platform: Label(code: UInt16(truncatingIfNeeded: platforms[place])),
                source: Label(code: UInt16(truncatingIfNeeded: sources[place])), latencyUs: Int(latencyUs[place]))
        }
    }

    /// As ``values(_:at:of:_:)``, and within the column's statistics.
    private func integers(
        _ column: SegmentColumn, at rows: [Int], of rowGroup: LookupRowGroup, _ file: any File
    ) throws(StoreError) -> [Int64] {
        let values = try values(column, at: rows, of: rowGroup, file)
        let bounds = rowGroup.metadata.integerRange(of: column)
        guard let least = values.min(), let greatest = values.max(), let bounds, bounds.contains(least),
            bounds.contains(greatest), column != .latencyUs || least >= 0
        else { throw file.outsideStatistics(column, rowGroup.metadata.columns[column.rawValue]) }
        return values
    }

    /// A column's values at some rows, ascending: integers, or codes of ``Country`` and ``Label``.
    private func values(
        _ column: SegmentColumn, at rows: [Int], of rowGroup: LookupRowGroup, _ file: any File
    ) throws(StoreError) -> [Int64] {
        var result: [Int64] = []
        result.reserveCapacity(rows.count)
        var rest = rows[...]
        for (index, page) in rowGroup.pages(of: column).enumerated() {
            guard let next = rest.first else { break }
            if next >= page.rows.upperBound { continue }
            let places = rest.prefix { $0 < page.rows.upperBound }.map { $0 - page.rows.lowerBound }
            rest.removeFirst(places.count)
            result += try read(rowGroup.chunk(column, index), of: column, at: places, file)
        }
        return result
    }

    /// The values at some places of a page.
    private func read(
        _ page: ColumnChunkMetadata, of column: SegmentColumn, at places: [Int], _ file: any File
    ) throws(StoreError) -> [Int64] {
        if page.type == .byteArray {
            let found = try chunks.read(page, file) { (bytes, decoder) throws(ParquetError) -> [Int64]? in
                guard let codes = try decoder.codes(bytes, page, at: places) else { return nil }
                let meanings = decoder.dictionary.map(column.code)
                return codes.map { meanings[Int($0)] }
            }
            if let found { return found }
        }
        guard let last = places.last else { return [] }
        try readFirst(last + 1, page, of: column, file)
        return places.map { values[$0] }
    }

    /// Begins ``values`` with the first of a page, as many as `count` at least.
    private func readFirst(
        _ count: Int, _ page: ColumnChunkMetadata, of column: SegmentColumn, _ file: any File
    ) throws(StoreError) {
        values.grow(to: page.valueCount)
        switch page.type {
        case .int64:
            try chunks.read(page, file) { (bytes, decoder) throws(ParquetError) in
                try values.withFirst(count) { (values) throws(ParquetError) in
                    try decoder.decode(bytes, page, into: values)
                }
            }
        case .int32:
            latencies.grow(to: count)
            try chunks.read(page, file) { (bytes, decoder) throws(ParquetError) in
                try latencies.withFirst(count) { (latencies) throws(ParquetError) in
                    try decoder.decode(bytes, page, into: latencies)
                }
            }
            values.withFirst(count) { values in
                latencies.withFirst(count) { for index in $0.indices { values[index] = Int64($0[index]) } }
            }
        case .byteArray:
            codes.grow(to: page.valueCount)
            let meanings = try chunks.read(page, file) { (bytes, decoder) throws(ParquetError) in
                try codes.withFirst(page.valueCount) { (codes) throws(ParquetError) in
                    try decoder.decode(bytes, page, into: codes)
                }
            }.map(column.code)
            values.withFirst(count) { values in
                codes.withFirst(count) { for index in $0.indices { values[index] = meanings[Int($0[index])] } }
            }
        }
    }
}

extension SegmentColumn {
    /// What stands for a name in memory: a country's index, and a label's code for as long as the process lives.
    fileprivate func code(of name: String) -> Int64 {
        self == .country ? Int64((Country(name) ?? .unknown).index) : Int64((Label(name) ?? .invalid).code)
    }
}
