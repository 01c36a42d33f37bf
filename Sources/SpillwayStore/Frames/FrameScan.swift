import SpillwayParquet
import SpillwayPlatform

/// The whole epochs that a framed file holds, in order.
struct FrameScan {
    struct Entry {
        var header: FrameHeader
        /// Where the frame's content begins in the file.
        var contentOffset: UInt64
    }

    private(set) var entries: [Entry] = []
    /// Where the last whole epoch ends: what comes after was never acknowledged.
    private(set) var end: UInt64

    /// Reads a file's frames from `start` on, checking every byte of them.
    ///
    /// - Throws: ``StoreError/damaged(path:offset:problem:)`` for a bad frame that was already durable when a
    ///   later one was written; a bad frame that may be a torn write ends the scan.
    init(_ file: any File, salt: UInt64, from start: UInt64) throws {
        end = start
        let size = try file.size()
        var cursor = FrameCursor(file: file, salt: salt, size: size)
        var offset = start
        var epoch: [Entry] = []
        while let header = try cursor.header(at: offset) {
            let isNext =
                header.sequence == UInt64(entries.count + epoch.count)
                && epoch.last.map { $0.header.epoch == header.epoch } ?? (header.epoch > lastEpoch?.number ?? 0)
            guard isNext, try cursor.contentIsSound(header, at: offset) else { break }
            epoch.append(Entry(header: header, contentOffset: offset + UInt64(FrameHeader.byteCount)))
            offset += UInt64(FrameHeader.byteCount) + header.contentLength
            if header.endsEpoch {
                entries += epoch
                epoch = []
                end = offset
            }
        }
        if offset < size, try cursor.durableLength(claimedAfter: offset) > offset {
            throw StoreError.damaged(
                path: file.path, offset: offset,
                problem: "a frame that was durable does not match its checksum")
        }
    }

    /// The mark of the last whole epoch.
    var lastEpoch: EpochMark? {
        entries.last.map { EpochMark(number: $0.header.epoch, position: $0.header.position) }
    }
}

/// Reads headers and contents of a framed file, a bounded piece at a time.
private struct FrameCursor {
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

    /// The largest durable length that any frame after `offset` speaks of, 0 if there is none.
    mutating func durableLength(claimedAfter offset: UInt64) throws -> UInt64 {
        var largest: UInt64 = 0
        var position = offset
        let overlap = FrameHeader.byteCount - 1
        while position < size {
            let count = try fill(from: position, byteCount: buffer.count)
            guard count > overlap else { break }
            buffer.withUnsafeBytes { bytes in
                for start in 0..<(count - overlap) where bytes[start] == UInt8(ascii: "S") {
                    let candidate = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + FrameHeader.byteCount)])
                    if let header = FrameHeader(candidate, salt: salt) {
                        largest = max(largest, header.durableLength)
                    }
                }
            }
            position += UInt64(count - overlap)
        }
        return largest
    }
}
