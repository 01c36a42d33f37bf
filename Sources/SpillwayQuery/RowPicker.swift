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

    private var decoder = ColumnChunkDecoder()
    private var bytes = ByteBuffer()
    // Of the page last read; as long as the longest.
    private var times: [Int64] = []
    private var latencies: [Int32] = []
    private var codes: [UInt16] = []

    /// - Parameter rows: ascending by index.
    func registrations(
        _ rows: [Row], of rowGroup: RowGroupMetadata, _ file: any File
    ) throws(StoreError) -> [Registration] {
        let indexes = rows.map(\.index)
        let countries = try names(.country, at: indexes, of: rowGroup, file).map { Country($0) ?? .unknown }
        let platforms = try names(.platform, at: indexes, of: rowGroup, file).map { Label($0) ?? .invalid }
        let sources = try names(.source, at: indexes, of: rowGroup, file).map { Label($0) ?? .invalid }
        let registeredAt = try integers(.registeredAt, at: indexes, of: rowGroup, file) {
            (bytes, decoder, page, places) throws(ParquetError) in
            times.grow(to: page.valueCount)
            try times.withFirst(page.valueCount) { (values) throws(ParquetError) in
                try decoder.decode(bytes, page, into: values)
            }
            return places.map { times[$0] }
        }
        let latencyUs = try integers(.latencyUs, at: indexes, of: rowGroup, file) {
            (bytes, decoder, page, places) throws(ParquetError) in
            latencies.grow(to: page.valueCount)
            try latencies.withFirst(page.valueCount) { (values) throws(ParquetError) in
                try decoder.decode(bytes, page, into: values)
            }
            return places.map { Int64(latencies[$0]) }
        }
        return rows.indices.map { place in
            Registration(
                registeredAt: Timestamp(rawValue: registeredAt[place]),
                identity: Identity(rawValue: UInt64(bitPattern: rows[place].identity)), country: countries[place],
                platform: platforms[place], source: sources[place], latencyUs: Int(latencyUs[place]))
        }
    }

    private func names(
        _ column: SegmentColumn, at rows: [Int], of rowGroup: RowGroupMetadata, _ file: any File
    ) throws(StoreError) -> [String] {
        let chunk = rowGroup.columns[column.rawValue]
        return try decode(chunk, file) { (bytes, decoder) throws(ParquetError) in
            if let codes = try decoder.codes(bytes, chunk, at: rows) {
                let names = decoder.dictionary
                return codes.map { names[Int($0)] }
            }
            codes.grow(to: chunk.valueCount)
            let names = try codes.withFirst(chunk.valueCount) { (codes) throws(ParquetError) in
                try decoder.decode(bytes, chunk, into: codes)
            }
            return rows.map { names[Int(codes[$0])] }
        }
    }

    /// - Parameter pick: Decodes a page and returns its values at some places, ascending.
    private func integers(
        _ column: SegmentColumn, at rows: [Int], of rowGroup: RowGroupMetadata, _ file: any File,
        _ pick: (UnsafeRawBufferPointer, inout ColumnChunkDecoder, ColumnChunkMetadata, [Int]) throws(ParquetError)
            -> [Int64]
    ) throws(StoreError) -> [Int64] {
        var values: [Int64] = []
        var rest = rows[...]
        for page in rowGroup.columns[column.rawValue].chunksOfPages {
            let places = rest.prefix { $0 < page.firstRow + page.chunk.valueCount }.map { $0 - page.firstRow }
            if places.isEmpty { continue }
            rest.removeFirst(places.count)
            values += try decode(page.chunk, file) { (bytes, decoder) throws(ParquetError) in
                try pick(bytes, &decoder, page.chunk, places)
            }
        }
        let bounds = rowGroup.integerRange(of: column)
        guard let least = values.min(), let greatest = values.max(), let bounds, bounds.contains(least),
            bounds.contains(greatest), column != .latencyUs || least >= 0
        else {
            throw .damaged(
                path: file.path, offset: rowGroup.columns[column.rawValue].offset,
                problem: "column \(column.name) does not lie within its statistics")
        }
        return values
    }

    private func decode<Result>(
        _ chunk: ColumnChunkMetadata, _ file: any File,
        _ body: (UnsafeRawBufferPointer, inout ColumnChunkDecoder) throws(ParquetError) -> Result
    ) throws(StoreError) -> Result {
        do throws(ParquetError) {
            try chunk.read(from: file, into: &bytes)
            return try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in try body(bytes, &decoder) }
        } catch {
            throw StoreError(error, path: file.path)
        }
    }
}
