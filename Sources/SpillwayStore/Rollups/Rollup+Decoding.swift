import CSpillwayKernels
import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// Rollups from files: docs/FORMAT.md has the layout.
extension Rollup {
    /// Of the checksum at the end.
    private static let checksumByteCount = 4

    /// Reads what ``encoded`` gave; nil if the process has no room for its labels.
    init?(reading file: any File, in place: Range<UInt64>, _ detail: RollupDetail = .minutes) throws(ParquetError) {
        let bytes = try file.bytes(in: place)
        let rollup = try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
            try Rollup(parsing: bytes, at: place.lowerBound, detail)
        }
        guard let rollup else { return nil }
        self = rollup
    }

    /// - Parameter offset: of the bytes in their file.
    init?(
        parsing bytes: UnsafeRawBufferPointer, at offset: UInt64, _ detail: RollupDetail = .minutes
    ) throws(ParquetError) {
        let end = bytes.count - Self.checksumByteCount
        guard end >= 0,
            bytes.loadUnaligned(fromByteOffset: end, as: UInt32.self).littleEndian
                == crc32c(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        else { throw .damaged(offset: offset, problem: "a rollup does not match its checksum") }
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<end]), fileOffset: offset)
        guard let head = try RollupHead(&reader) else { return nil }
        switch detail {
        case .totals: self.init(totals: head)
        case .minutes: try self.init(head, cells: &reader)
        }
    }

    private init(totals head: RollupHead) {
        let order = head.order
        self.init(
            series: order.indices.map { Series(key: head.series[order[$0]].key, cells: $0..<$0 + 1) },
            minutes: [Int32](repeating: 0, count: order.count),
            // More than a cell holds is more than a segment has.
            counts: order.map { UInt32(clamping: head.series[$0].registrations) })
    }

    /// Decodes each series' cells to where they belong.
    private init(_ head: RollupHead, cells reader: inout ByteReader) throws(ParquetError) {
        var starts = [Int](repeating: 0, count: head.series.count)
        var series: [Series] = []
        series.reserveCapacity(head.series.count)
        for index in head.order {
            let start = series.last?.cells.upperBound ?? 0
            starts[index] = start
            series.append(Series(key: head.series[index].key, cells: start..<start + head.series[index].cellCount))
        }
        let cellCount = series.last?.cells.upperBound ?? 0
        var failure: ParquetError?
        var counts: [UInt32] = []
        let minutes = [Int32](unsafeUninitializedCapacity: cellCount) { minutes, minuteCount in
            counts = [UInt32](unsafeUninitializedCapacity: cellCount) { counts, countCount in
                do throws(ParquetError) {
                    for (series, start) in zip(head.series, starts) {
                        let room = start..<start + series.cellCount
                        try reader.decode(
                            series, from: head.base, UnsafeMutableBufferPointer(rebasing: minutes[room]),
                            UnsafeMutableBufferPointer(rebasing: counts[room]))
                    }
                    (minuteCount, countCount) = (cellCount, cellCount)
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
        guard reader.remaining == 0 else { throw reader.damaged("bytes after a rollup's last cell") }
        self.init(series: series, minutes: minutes, counts: counts)
    }
}

/// What a rollup says of each series before it has their cells.
private struct RollupHead {
    struct Series {
        var key: SeriesKey
        var registrations: UInt64
        var cellCount: Int
        var gapBits: UInt32
    }

    /// The least minute.
    let base: Int32
    /// In the file's order.
    private(set) var series: [Series] = []
    /// Indexes into ``series``, ascending by key.
    private(set) var order: [Int] = []

    /// Nil if the process has no room for its labels.
    init?(_ reader: inout ByteReader) throws(ParquetError) {
        guard let labels = try reader.labels() else { return nil }
        let zigzag = try reader.varint()
        guard let word = UInt32(exactly: zigzag) else { throw reader.damaged("a rollup begins at minute \(zigzag)") }
        base = Int32(bitPattern: word >> 1) ^ -Int32(bitPattern: word & 1)
        for _ in 0..<(try reader.length()) { try readCountry(&reader, labels) }
        var cellsLeft = reader.remaining
        for series in series {
            // Each takes a byte at least.
            guard series.cellCount <= cellsLeft else {
                throw reader.damaged("a rollup's series claims \(series.cellCount) cells")
            }
            cellsLeft -= series.cellCount
        }
        // They mostly are in order, which sorting makes use of.
        order = series.indices.sorted { [series] in series[$0].key < series[$1].key }
        guard zip(order, order.dropFirst()).allSatisfy({ series[$0].key != series[$1].key }) else {
            throw reader.damaged("a rollup has a series twice")
        }
    }

    private mutating func readCountry(_ reader: inout ByteReader, _ labels: [Label]) throws(ParquetError) {
        guard let country = Country(letters: try reader.byte(), try reader.byte()) else {
            throw reader.damaged("a rollup names a country that there is not")
        }
        var number: UInt64 = 0
        for _ in 0..<(try reader.length()) {
            let (next, overflow) = number.addingReportingOverflow(try reader.varint())
            guard !overflow, next < UInt64(labels.count * labels.count) else {
                throw reader.damaged("a rollup's series has labels that it does not name")
            }
            number = next + 1
            let (platform, source) = Int(next).quotientAndRemainder(dividingBy: labels.count)
            let registrations = try reader.varint()
            let cells = try reader.varint()
            guard let cellCount = Int(exactly: cells >> 3), cellCount > 0 else {
                throw reader.damaged("a rollup's series claims \(cells >> 3) cells")
            }
            guard registrations >= UInt64(cellCount) else {
                throw reader.damaged("a rollup's series claims \(registrations) registrations in \(cellCount) cells")
            }
            series.append(
                Series(
                    key: SeriesKey(country: country, platform: labels[platform], source: labels[source]),
                    registrations: registrations, cellCount: cellCount, gapBits: UInt32(cells & 7)))
        }
    }
}

extension ByteReader {
    /// Nil if the process has no room for them.
    fileprivate mutating func labels() throws(ParquetError) -> [Label]? {
        var labels: [Label] = []
        for _ in 0..<(try length()) {
            let bytes = try bytes(Int(try byte()))
            guard let name = String(validating: bytes, as: UTF8.self), !name.isEmpty else {
                throw damaged("a rollup names a label that is none")
            }
            guard let label = Label(name) else { return nil }
            labels.append(label)
        }
        return labels
    }

    /// Fills room for the cells of a series, all of them.
    fileprivate mutating func decode(
        _ series: RollupHead.Series, from base: Int32, _ minutes: UnsafeMutableBufferPointer<Int32>,
        _ counts: UnsafeMutableBufferPointer<UInt32>
    ) throws(ParquetError) {
        var (used, sum) = (0, UInt64(0))
        guard let start = rest.bindMemory(to: UInt8.self).baseAddress, let minutes = minutes.baseAddress,
            let counts = counts.baseAddress,
            spillway_decode_cells(
                start, remaining, &used, series.cellCount, series.gapBits, base, minutes, counts, &sum)
        else { throw damaged("a rollup's cell is beyond its bounds") }
        _ = try bytes(used)
        guard sum == series.registrations else {
            throw damaged("a rollup's series counts \(sum) registrations of \(series.registrations)")
        }
    }
}
