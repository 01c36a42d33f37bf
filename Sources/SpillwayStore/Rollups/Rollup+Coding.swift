import SpillwayModel
import SpillwayParquet
import SpillwayPlatform

/// Rollups as files hold them: docs/FORMAT.md has the layout.
extension Rollup {
    /// Of the checksum at the end.
    private static let checksumByteCount = 4
    /// Bits that a series' gaps can be given in its cells.
    private static let maximumGapBits = 7

    /// The bytes of this in a file.
    ///
    /// - Complexity: O(cells)
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64 + 4 * series.count + 2 * minutes.count)
        let names = LabelNumbers(series)
        names.encode(into: &bytes)
        let base = minutes.min() ?? 0
        bytes.append(varint: UInt64(UInt32(bitPattern: base << 1 ^ base >> 31)))
        var first = 0
        while first < series.count {
            let country = series[first].key.country
            let end = series[first...].firstIndex { $0.key.country != country } ?? series.count
            bytes.append(contentsOf: country.code.utf8)
            bytes.append(varint: UInt64(end - first))
            var next: UInt64 = 0
            for series in series[first..<end] {
                let number = names.number(of: series.key)
                bytes.append(varint: number - next)
                next = number + 1
                encode(series.cells, from: base, into: &bytes)
            }
            first = end
        }
        let checksum = bytes.withUnsafeBytes { crc32c($0) }
        bytes.append(contentsOf: checksum.littleEndianBytes)
        return bytes
    }

    /// Each cell is one number: above, its count; in some bits below, by how much its minute is further than the next
    /// after the one before. What these bits cannot hold follows.
    private func encode(_ cells: Range<Int>, from base: Int32, into bytes: inout [UInt8]) {
        let gapBits = gapBits(of: cells, from: base)
        let maximum = UInt64(1) << gapBits - 1
        bytes.append(varint: UInt64(cells.count) << 3 | gapBits)
        var expected = Int64(base)
        for cell in cells {
            let gap = UInt64(Int64(minutes[cell]) - expected)
            bytes.append(varint: UInt64(counts[cell] - 1) << gapBits | min(gap, maximum))
            if gapBits > 0, gap >= maximum { bytes.append(varint: gap - maximum) }
            expected = Int64(minutes[cell]) + 1
        }
    }

    /// None if every minute follows on the one before; else a bit more than the mean gap has.
    private func gapBits(of cells: Range<Int>, from base: Int32) -> UInt64 {
        let span = Int(minutes[cells.upperBound - 1]) - Int(base) + 1
        if span == cells.count { return 0 }
        let meanGap = (span - 1) / cells.count
        return UInt64(min(Int.bitWidth - meanGap.leadingZeroBitCount + 1, Self.maximumGapBits))
    }

    /// Reads what ``encoded`` gave; nil if the process has no room for its labels.
    init?(reading file: any File, in place: Range<UInt64>) throws(ParquetError) {
        let bytes = try file.bytes(in: place)
        let rollup = try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
            try Rollup(parsing: bytes, at: place.lowerBound)
        }
        guard let rollup else { return nil }
        self = rollup
    }

    /// - Parameter offset: of the bytes in their file.
    init?(parsing bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(ParquetError) {
        let end = bytes.count - Self.checksumByteCount
        guard end >= 0,
            bytes.loadUnaligned(fromByteOffset: end, as: UInt32.self).littleEndian
                == crc32c(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        else { throw .damaged(offset: offset, problem: "a rollup does not match its checksum") }
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<end]), fileOffset: offset)
        guard let labels = try reader.labels() else { return nil }
        let zigzag = try reader.varint()
        guard let base = UInt32(exactly: zigzag).map({ Int64(Int32(bitPattern: $0 >> 1) ^ -Int32($0 & 1)) }) else {
            throw reader.damaged("a rollup begins at minute \(zigzag)")
        }
        var cells = Cells()
        while reader.remaining > 0 { try cells.readCountry(&reader, labels, base) }
        self.init()
        for series in cells.series.sorted(by: { $0.key < $1.key }) {
            guard self.series.last.map({ $0.key < series.key }) ?? true else {
                throw reader.damaged("a rollup has a series twice")
            }
            append(series.key, minutes: cells.minutes[series.cells], counts: cells.counts[series.cells])
        }
    }

    /// What was read, in the file's order.
    private struct Cells {
        var series: [Series] = []
        var minutes: [Int32] = []
        var counts: [UInt32] = []

        mutating func readCountry(
            _ reader: inout ByteReader, _ labels: [Label], _ base: Int64
        ) throws(ParquetError) {
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
                let key = SeriesKey(country: country, platform: labels[platform], source: labels[source])
                try readSeries(key, &reader, base)
            }
        }

        private mutating func readSeries(
            _ key: SeriesKey, _ reader: inout ByteReader, _ base: Int64
        ) throws(ParquetError) {
            let head = try reader.varint()
            let (cellCount, gapBits) = (head >> 3, head & 7)
            // Each takes a byte at least.
            guard cellCount > 0, cellCount <= UInt64(reader.remaining) else {
                throw reader.damaged("a rollup's series claims \(cellCount) cells")
            }
            let maximum = UInt64(1) << gapBits - 1
            let first = minutes.count
            var expected = base
            for _ in 0..<cellCount {
                let cell = try reader.varint()
                var gap = cell & maximum
                if gapBits > 0, gap == maximum {
                    let (sum, overflow) = gap.addingReportingOverflow(try reader.varint())
                    gap = overflow ? .max : sum
                }
                guard gap <= UInt64(UInt32.max), let minute = Int32(exactly: expected + Int64(gap)),
                    let count = UInt32(exactly: cell >> gapBits), count < UInt32.max
                else { throw reader.damaged("a rollup's cell is beyond its bounds") }
                minutes.append(minute)
                counts.append(count + 1)
                expected = Int64(minute) + 1
            }
            series.append(Series(key: key, cells: first..<minutes.count))
        }
    }
}

/// The labels of a rollup, by the order of their codes, so that a country's series ascend in the file as they do here.
private struct LabelNumbers {
    private var labels: [Label] = []
    /// By code.
    private var numbers = [UInt64](repeating: 0, count: Label.maximumCount + 1)

    init(_ series: [Rollup.Series]) {
        var isUsed = [Bool](repeating: false, count: Label.maximumCount + 1)
        for series in series {
            isUsed[Int(series.key.platform.code)] = true
            isUsed[Int(series.key.source.code)] = true
        }
        for code in isUsed.indices where isUsed[code] {
            numbers[code] = UInt64(labels.count)
            labels.append(Label(code: UInt16(code)))
        }
    }

    func number(of key: SeriesKey) -> UInt64 {
        numbers[Int(key.platform.code)] * UInt64(labels.count) + numbers[Int(key.source.code)]
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(varint: UInt64(labels.count))
        for label in labels {
            let name = label.name.utf8
            bytes.append(UInt8(name.count))
            bytes.append(contentsOf: name)
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
}

extension [UInt8] {
    /// ULEB128.
    @inline(__always)
    fileprivate mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 128 {
            append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
