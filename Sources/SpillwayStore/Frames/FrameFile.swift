import SpillwayPlatform

/// A file that frames are appended to, in sequence: an open segment, a journal. Used by one thread at a time.
final class FrameFile {
    let file: any File
    let salt: UInt64
    private(set) var length: UInt64
    private var durableLength: UInt64 = 0
    private var nextSequence: UInt64 = 0
    /// The frame that is to come next, and where what the file holds of it, but for its header, ends in it.
    private var ahead: (frame: FrameBuffer, end: Int)?

    /// - Parameter length: bytes that the file holds before its first frame.
    init(file: any File, salt: UInt64, length: UInt64) {
        self.file = file
        self.salt = salt
        self.length = length
    }

    /// Writes the frame at the end; returns where its body begins.
    func append(_ frame: FrameBuffer, epoch: EpochMark, endsEpoch: Bool) throws(SystemError) -> UInt64 {
        frame.writeHeader(
            salt: salt, sequence: nextSequence, durableLength: durableLength, epoch: epoch,
            endsEpoch: endsEpoch)
        let start = length
        let rest = aheadEnd(of: frame)
        if rest > FrameHeader.byteCount {
            try write(rest..<frame.bytes.count, of: frame)
            try write(0..<FrameHeader.byteCount, of: frame)
        } else {
            try write(0..<frame.bytes.count, of: frame)
        }
        ahead = nil
        length += UInt64(frame.bytes.count)
        nextSequence += 1
        return start + UInt64(FrameHeader.byteCount)
    }

    /// Brings up to `byteCount` more bytes of a frame to the device, at the place where it will stand as the next one:
    /// appending it then leaves less to be synced at once. Without a header they are no frame.
    ///
    /// - Returns: whether all of it is there but the header.
    func writeAhead(_ frame: FrameBuffer, byteCount: Int) throws(SystemError) -> Bool {
        let start = aheadEnd(of: frame)
        let end = min(frame.bytes.count, start + byteCount)
        try write(start..<end, of: frame)
        try file.sync()
        ahead = (frame, end)
        return end == frame.bytes.count
    }

    /// Where it stands as the next frame.
    private func write(_ range: Range<Int>, of frame: FrameBuffer) throws(SystemError) {
        let offset = length + UInt64(range.lowerBound)
        try frame.bytes.withUnsafeBytes(in: range) { (bytes) throws(SystemError) in try file.write(bytes, at: offset) }
    }

    private func aheadEnd(of frame: FrameBuffer) -> Int {
        guard let ahead, ahead.frame === frame else { return FrameHeader.byteCount }
        return ahead.end
    }

    /// A place to go back to.
    struct Mark {
        fileprivate var length: UInt64
        fileprivate var nextSequence: UInt64
    }

    var mark: Mark { Mark(length: length, nextSequence: nextSequence) }

    /// Forgets frames that were appended since `mark`, none of them synced: the next one is written over them.
    func rewind(to mark: Mark) {
        precondition(mark.length >= durableLength)
        length = mark.length
        nextSequence = mark.nextSequence
        ahead = nil
    }

    /// Makes durable all that was appended.
    func sync() throws(SystemError) {
        guard durableLength < length else { return }
        try file.sync()
        durableLength = length
    }
}
