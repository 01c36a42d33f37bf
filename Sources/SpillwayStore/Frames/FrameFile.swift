import SpillwayPlatform

/// A file that frames are appended to, in sequence: an open segment, a journal. Used by one thread at a time.
final class FrameFile {
    let file: any File
    let salt: UInt64
    private(set) var length: UInt64
    private var durableLength: UInt64 = 0
    private var nextSequence: UInt64 = 0

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
        try frame.bytes.withUnsafeBytes { (bytes) throws(SystemError) in try file.write(bytes, at: start) }
        length += UInt64(frame.bytes.count)
        nextSequence += 1
        return start + UInt64(FrameHeader.byteCount)
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
    }

    /// Makes durable all that was appended.
    func sync() throws(SystemError) {
        guard durableLength < length else { return }
        try file.sync()
        durableLength = length
    }
}
