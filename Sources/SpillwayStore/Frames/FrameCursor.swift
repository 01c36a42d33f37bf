import SpillwayParquet
import SpillwayPlatform

/// Reads headers and contents of a framed file, a bounded piece at a time.
struct FrameCursor {
    let file: any File
    let salt: UInt64
    let size: UInt64
    private var buffer: [UInt8]

    init(file: any File, salt: UInt64, size: UInt64) {
        self.file = file
        self.salt = salt
        self.size = size
        buffer = [UInt8](repeating: 0, count: max(FrameHeader.byteCount, Int(min(size, 1 << 20))))
    }

    /// Fills the buffer from `offset`; how many bytes there were.
    private mutating func fill(from offset: UInt64, byteCount: Int) throws -> Int {
        try buffer.withUnsafeMutableBytes {
            try file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<min(byteCount, $0.count)]), at: offset)
        }
    }

    mutating func header(at offset: UInt64) throws -> FrameHeader? {
        guard offset < size, try fill(from: offset, byteCount: FrameHeader.byteCount) == FrameHeader.byteCount
        else { return nil }
        return buffer.withUnsafeBytes { FrameHeader($0, salt: salt) }
    }

    mutating func contentIsSound(_ header: FrameHeader, at offset: UInt64) throws -> Bool {
        var position = offset + UInt64(FrameHeader.byteCount)
        // The header's checksum holds, so the lengths are what was written; the file may still be cut short.
        guard header.bodyLength <= size, header.contentLength <= size - min(position, size) else { return false }
        var remaining = header.contentLength
        var checksum: UInt32 = 0
        while remaining > 0 {
            let count = try fill(from: position, byteCount: Int(min(remaining, UInt64(buffer.count))))
            guard count > 0 else { return false }
            checksum = buffer.withUnsafeBytes {
                crc32c(UnsafeRawBufferPointer(rebasing: $0[..<count]), seed: checksum)
            }
            position += UInt64(count)
            remaining -= UInt64(count)
        }
        return checksum == header.contentChecksum
    }

    /// The first sound header that begins at `start` or later.
    mutating func nextHeader(from start: UInt64) throws -> (offset: UInt64, header: FrameHeader)? {
        var position = start
        let overlap = FrameHeader.byteCount - 1
        // The next one is mostly near: then little is read, however many are looked for one after the other.
        var byteCount = 4096
        while position < size {
            let count = try fill(from: position, byteCount: byteCount)
            guard count > overlap else { break }
            byteCount = min(2 * byteCount, buffer.count)
            let found = buffer.withUnsafeBytes { bytes -> (Int, FrameHeader)? in
                for start in 0..<(count - overlap) where bytes[start] == UInt8(ascii: "S") {
                    let candidate = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + FrameHeader.byteCount)])
                    if let header = FrameHeader(candidate, salt: salt) { return (start, header) }
                }
                return nil
            }
            if let (start, header) = found { return (position + UInt64(start), header) }
            position += UInt64(count - overlap)
        }
        return nil
    }

    /// The largest durable length that any frame after `offset` speaks of, 0 if there is none.
    mutating func durableLength(claimedAfter offset: UInt64) throws -> UInt64 {
        var largest: UInt64 = 0
        var position = offset
        while let (start, header) = try nextHeader(from: position) {
            largest = max(largest, header.durableLength)
            position = start + 1
        }
        return largest
    }
}
