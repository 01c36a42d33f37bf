import SpillwayParquet

/// One file of a store that an input stands for.
enum StoreFile: Equatable {
    case journal([UInt8])
    case openSegment([UInt8])
    case sealedSegment([UInt8])
    case logVersion([UInt8])
    case metadata([UInt8])
    /// Of version 100, as ``StoreSeeds/checkpointed`` has it.
    case checkpoint([UInt8])

    /// Before the first frame of a segment.
    static let magicByteCount = 4

    var bytes: [UInt8] {
        switch self {
        case .journal(let bytes), .openSegment(let bytes), .sealedSegment(let bytes), .logVersion(let bytes),
            .metadata(let bytes), .checkpoint(let bytes):
            bytes
        }
    }

    /// The file with the checksums right that stand in the way of what is behind them.
    var mended: StoreFile {
        switch self {
        case .journal(let bytes): .journal(Frames.mended(bytes, from: 0))
        case .openSegment(let bytes): .openSegment(Frames.mended(bytes, from: Self.magicByteCount))
        case .sealedSegment(let bytes): .sealedSegment(Self.mendedSegment(bytes))
        case .logVersion(let bytes): .logVersion(Self.mended(bytes, after: Self.inJSON))
        case .checkpoint(let bytes):
            .checkpoint(Pages.mended(bytes, in: min(Self.magicByteCount, bytes.count)..<bytes.count))
        case .metadata(let bytes): .metadata(Self.mended(bytes, after: Self.inJSON))
        }
    }

    private static let inJSON = Array("\"crc32c\":\"".utf8)
    private static let inFooter = Array("spillway.crc32c".utf8) + [0x18, 8]

    /// The CRC-32C of a footer is that of what follows the row groups, the rollup and the filters.
    private static func mendedSegment(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = Pages.mended(file: bytes)
        guard let footer = try? ParquetFooter.read(from: MemoryFile(path: "segment", bytes)) else { return bytes }
        mendRollup(footer.keyValueMetadata["spillway.rollup"], in: &bytes)
        let indexes = footer.rowGroups.flatMap(\.columns).flatMap { [$0.columnIndex, $0.offsetIndex] }
        guard let start = indexes.compactMap({ $0?.lowerBound }).min() else { return bytes }
        return bytes[..<Int(start)] + mended(Array(bytes[Int(start)...]), after: inFooter)
    }

    /// A rollup ends with the CRC-32C of what goes before.
    private static func mendRollup(_ place: String?, in bytes: inout [UInt8]) {
        let numbers = (place ?? "").split(separator: ",").compactMap { Int($0) }
        guard numbers.count == 2, numbers[0] >= 0, numbers[0] <= bytes.count, numbers[1] >= 4,
            numbers[1] <= bytes.count - numbers[0]
        else { return }
        let digits = numbers[0] + numbers[1] - 4
        let checksum = bytes[numbers[0]..<digits].withUnsafeBytes { crc32c($0) }
        bytes.replaceSubrange(digits..<digits + 4, with: checksum.littleEndianBytes)
    }

    /// Eight digits after the last `marker` are the CRC-32C of all bytes, in which they count as zeroes.
    private static func mended(_ bytes: [UInt8], after marker: [UInt8]) -> [UInt8] {
        let last = bytes.count - marker.count - 8
        guard last >= 0, let place = (0...last).last(where: { bytes[$0...].starts(with: marker) }) else { return bytes }
        let digits = place + marker.count..<place + marker.count + 8
        var mended = bytes
        mended.replaceSubrange(digits, with: repeatElement(UInt8(ascii: "0"), count: 8))
        let text = String(mended.withUnsafeBytes { crc32c($0) }, radix: 16)
        mended.replaceSubrange(digits, with: Array((String(repeating: "0", count: 8 - text.count) + text).utf8))
        return mended
    }
}
