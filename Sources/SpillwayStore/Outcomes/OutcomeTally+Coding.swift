import SpillwayParquet
import SpillwayPlatform

/// Tallies as files hold them: docs/FORMAT.md has the layout.
extension OutcomeTally {
    /// Of the checksum at the end.
    private static let checksumByteCount = 4

    /// The bytes of this in a file.
    ///
    /// - Complexity: O(n log n) of the cells
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(varint: UInt64(counts.count))
        var next: UInt64 = 0
        for (cell, count) in counts.sorted(by: { $0.key < $1.key }) {
            bytes.append(varint: cell.rawValue - next)
            bytes.append(varint: UInt64(count - 1))
            next = cell.rawValue + 1
        }
        let checksum = bytes.withUnsafeBytes { crc32c($0) }
        bytes.append(contentsOf: checksum.littleEndianBytes)
        return bytes
    }

    /// Reads what ``encoded`` gave.
    init(reading file: any File, in place: Range<UInt64>) throws(ParquetError) {
        let bytes = try file.bytes(in: place)
        let (tally, byteCount) = try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
            try Self.parse(bytes, at: place.lowerBound)
        }
        guard byteCount == place.count else {
            throw .damaged(offset: place.lowerBound, problem: "a tally of outcomes: it is shorter than its place")
        }
        self = tally
    }

    /// Reads what ``encoded`` gave from the first of `bytes`; if that cannot be, the error names where they begin.
    ///
    /// - Parameter offset: of the bytes in their file.
    /// - Returns: it, and how many bytes it takes.
    static func parse(
        _ bytes: UnsafeRawBufferPointer, at offset: UInt64
    ) throws(ParquetError) -> (tally: OutcomeTally, byteCount: Int) {
        var reader = ByteReader(bytes, fileOffset: offset)
        do throws(ParquetError) {
            return try parse(bytes, &reader)
        } catch {
            throw .damaged(offset: offset, problem: "a tally of outcomes: \(error.problem)")
        }
    }

    private static func parse(
        _ bytes: UnsafeRawBufferPointer, _ reader: inout ByteReader
    ) throws(ParquetError) -> (tally: OutcomeTally, byteCount: Int) {
        var tally = OutcomeTally()
        var next: UInt64 = 0
        for _ in 0..<(try reader.length()) {
            let (raw, overflow) = next.addingReportingOverflow(try reader.varint())
            let count = try reader.varint()
            guard !overflow, let cell = Cell(rawValue: raw), count < UInt64(Int.max) else {
                throw reader.damaged("it has a cell that there is not")
            }
            tally.add(cell, Int(count) + 1)
            next = raw + 1
        }
        let end = bytes.count - reader.remaining
        guard reader.remaining >= checksumByteCount,
            bytes.loadUnaligned(fromByteOffset: end, as: UInt32.self).littleEndian
                == crc32c(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        else { throw reader.damaged("it does not match its checksum") }
        return (tally, end + checksumByteCount)
    }
}
