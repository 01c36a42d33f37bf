import SpillwayParquet

/// Pages with the headers that Spillway writes (parquet.thrift `PageHeader`), found without the code that is under
/// test.
enum Pages {
    /// The bytes with the CRC-32 of each page made right, of those that follow each other from `start` on.
    static func mended(_ bytes: [UInt8], in range: Range<Int>) -> [UInt8] {
        var bytes = bytes
        var offset = range.lowerBound
        while let page = Page(bytes, at: offset), page.body.upperBound <= range.upperBound {
            let checksum = bytes[page.body].withUnsafeBytes { crc32($0) }
            let signed = Int32(bitPattern: checksum)
            replace(&bytes, page.checksum, by: UInt32(bitPattern: signed << 1 ^ signed >> 31))
            offset = page.body.upperBound
        }
        return bytes
    }

    /// Of every chunk of a file whose footer is sound.
    static func mended(file bytes: [UInt8]) -> [UInt8] {
        guard let footer = try? ParquetFooter.read(from: MemoryFile(path: "pages", bytes)) else { return bytes }
        return footer.rowGroups.flatMap(\.columns).reduce(bytes) { bytes, chunk in
            mended(bytes, in: Int(chunk.byteRange.lowerBound)..<Int(chunk.byteRange.upperBound))
        }
    }

    /// Keeps the number's length, so that nothing moves: a varint may have more bytes than it takes.
    private static func replace(_ bytes: inout [UInt8], _ place: Range<Int>, by value: UInt32) {
        guard place.count == 5 else { return }
        var rest = value
        for index in place {
            bytes[index] = UInt8(rest & 127) | (index + 1 < place.upperBound ? 128 : 0)
            rest >>= 7
        }
    }

    private struct Page {
        var checksum = 0..<0
        var body = 0..<0

        init?(_ bytes: [UInt8], at start: Int) {
            var offset = start
            func next() -> UInt8? {
                guard offset < bytes.count else { return nil }
                defer { offset += 1 }
                return bytes[offset]
            }
            func i32() -> UInt64? {
                guard next() == 0x15 else { return nil }
                var (value, shift): (UInt64, UInt64) = (0, 0)
                while let byte = next(), shift < 35 {
                    value |= UInt64(byte & 127) << shift
                    if byte < 128 { return value }
                    shift += 7
                }
                return nil
            }
            guard i32() != nil, i32() != nil, let length = i32() else { return nil }
            let checksumStart = offset + 1
            guard i32() != nil else { return nil }
            checksum = checksumStart..<offset
            guard let type = next(), type == 0x1c || type == 0x3c else { return nil }
            for _ in 0..<(type == 0x1c ? 4 : 2) where i32() == nil { return nil }
            // A dictionary says that it is sorted.
            if type == 0x3c, next() != 0x11 { return nil }
            guard next() == 0, next() == 0, length >> 1 <= UInt64(bytes.count - offset) else { return nil }
            body = offset..<offset + Int(length >> 1)
        }
    }
}
