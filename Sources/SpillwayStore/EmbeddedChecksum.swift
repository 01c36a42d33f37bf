import SpillwayParquet

/// A CRC-32C inside of the bytes that it is of: 8 hexadecimal digits behind a marker, which count as `00000000`.
/// Bytes that other programs read, and that have no checksum in their own format, are kept from damage by it.
struct EmbeddedChecksum {
    /// What stands for the digits until ``digits(of:)`` are known.
    static let placeholder = "00000000"

    /// In JSON, a member `"crc32c"`. No string of the text can hold this, as its quotes are escaped there.
    static let inJSON = EmbeddedChecksum(marker: Array("\"crc32c\":\"".utf8))

    /// In a Parquet footer's key-value metadata, under ``parquetKey``. In Thrift's compact protocol a field header
    /// (field 2, binary) and the length stand between a key and its value. Text that looks the same stands before it.
    static let inParquet = EmbeddedChecksum(
        marker: Array(parquetKey.utf8) + [0x18, UInt8(placeholder.utf8.count)])
    static let parquetKey = "spillway.crc32c"

    /// What goes before the digits. The last one in the bytes counts.
    let marker: [UInt8]

    /// Where the digits stand, and which they should be; nil if there is no marker.
    func digits(of bytes: UnsafeRawBufferPointer) -> (offset: Int, digits: [UInt8])? {
        guard let offset = offset(in: bytes) else { return nil }
        let before = UnsafeRawBufferPointer(rebasing: bytes[..<offset])
        let after = UnsafeRawBufferPointer(rebasing: bytes[(offset + Self.placeholder.utf8.count)...])
        let zeroes = Array(Self.placeholder.utf8).withUnsafeBytes { crc32c($0, seed: crc32c(before)) }
        let digits = hexadecimal(UInt64(crc32c(after, seed: zeroes))).suffix(Self.placeholder.utf8.count)
        return (offset, Array(digits.utf8))
    }

    /// Puts the digits in the place of ``placeholder``.
    ///
    /// - Precondition: `bytes` hold the marker and the placeholder.
    func seal(_ bytes: inout [UInt8]) {
        guard let (offset, digits) = bytes.withUnsafeBytes({ digits(of: $0) }) else {
            preconditionFailure("no place for the checksum")
        }
        bytes.replaceSubrange(offset..<offset + digits.count, with: digits)
    }

    enum Verdict {
        case sound, wrong, absent
    }

    func verdict(on bytes: UnsafeRawBufferPointer) -> Verdict {
        guard let (offset, digits) = digits(of: bytes) else { return .absent }
        return bytes[offset..<offset + digits.count].elementsEqual(digits) ? .sound : .wrong
    }

    private func offset(in bytes: UnsafeRawBufferPointer) -> Int? {
        let first = marker[0]
        var start = bytes.count - marker.count - Self.placeholder.utf8.count
        while start >= 0 {
            if bytes[start] == first, bytes[start..<start + marker.count].elementsEqual(marker) {
                return start + marker.count
            }
            start -= 1
        }
        return nil
    }
}
