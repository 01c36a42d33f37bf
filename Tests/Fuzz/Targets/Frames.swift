import SpillwayParquet

/// Frames as docs/FORMAT.md lays them out, written without the code that is under test.
enum Frames {
    static let headerByteCount = 88

    /// The input with the checksums of its frames made right, so that what is behind them is reached.
    static func mended(_ input: [UInt8], from start: Int) -> [UInt8] {
        var bytes = input
        var offset = start
        while offset + headerByteCount <= bytes.count {
            let content = offset + headerByteCount
            let length = load(bytes, offset + 56, 8).addingReportingOverflow(load(bytes, offset + 64, 4))
            let end =
                length.overflow ? nil : Int(exactly: length.partialValue).map { $0.addingReportingOverflow(content) }
            let next = end.flatMap { $0.overflow || $0.partialValue > bytes.count ? nil : $0.partialValue }
            if let next { store(checksum(bytes[content..<next]), in: &bytes, offset + 72) }
            store(checksum(bytes[offset..<content - 4]), in: &bytes, content - 4)
            guard let next else { break }
            offset = next
        }
        return bytes
    }

    /// One frame that is an epoch by itself.
    static func frame(salt: UInt64, rowCount: UInt32, body: [UInt8], metadata: [UInt8]) -> [UInt8] {
        var bytes = Array("SPWF".utf8) + [1, 0, 1, 0]
        for value in [salt, 0, 1, 0, 0, 0, UInt64(body.count)] { bytes += value.littleEndianBytes }
        bytes += UInt32(metadata.count).littleEndianBytes + rowCount.littleEndianBytes
        bytes += [UInt8](repeating: 0, count: 16)
        return mended(bytes + body + metadata, from: 0)
    }

    /// The salt of the frame at `start`, 0 if there is none.
    static func salt(of bytes: [UInt8], at start: Int) -> UInt64 {
        start + 16 <= bytes.count ? load(bytes, start + 8, 8) : 0
    }

    private static func load(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
        bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.withUnsafeBytes { crc32c($0) }
    }

    private static func store(_ value: UInt32, in bytes: inout [UInt8], _ offset: Int) {
        bytes.replaceSubrange(offset..<offset + 4, with: value.littleEndianBytes)
    }
}

/// How the input of ``FuzzTarget/journalRecord`` is laid out: u32 rows, u32 length of the body, content.
enum JournalInput {
    static func frame(_ input: [UInt8]) -> [UInt8] {
        guard let rows = UInt32(littleEndianBytes: Array(input.prefix(4))),
            let length = UInt32(littleEndianBytes: Array(input.dropFirst(4).prefix(4)))
        else { return input }
        let content = input.dropFirst(8)
        return Frames.frame(
            salt: 0, rowCount: rows, body: Array(content.prefix(Int(length))),
            metadata: Array(content.dropFirst(Int(length))))
    }
}
