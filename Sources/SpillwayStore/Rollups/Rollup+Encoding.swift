import SpillwayModel
import SpillwayParquet

/// Rollups as files hold them: docs/FORMAT.md has the layout.
extension Rollup {
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
        bytes.append(varint: UInt64(Set(series.map(\.key.country)).count))
        var cells: [UInt8] = []
        cells.reserveCapacity(2 * minutes.count)
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
                bytes.append(varint: counts[series.cells].reduce(0) { $0 + UInt64($1) })
                let gapBits = gapBits(of: series.cells, from: base)
                bytes.append(varint: UInt64(series.cells.count) << 3 | gapBits)
                encode(series.cells, gapBits, from: base, into: &cells)
            }
            first = end
        }
        bytes += cells
        let checksum = bytes.withUnsafeBytes { crc32c($0) }
        bytes.append(contentsOf: checksum.littleEndianBytes)
        return bytes
    }

    /// Each cell is one number: above, its count; in some bits below, by how much its minute is further than the next
    /// after the one before. What these bits cannot hold follows.
    private func encode(_ cells: Range<Int>, _ gapBits: UInt64, from base: Int32, into bytes: inout [UInt8]) {
        let maximum = UInt64(1) << gapBits - 1
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
