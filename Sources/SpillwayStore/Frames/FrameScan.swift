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
