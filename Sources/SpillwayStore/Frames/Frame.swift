import SpillwayParquet
import SpillwayPlatform

/// What stands before each row group of an open segment and each record of a journal, so that recovery can tell
/// what a crash left. All integers little-endian; docs/FORMAT.md has the layout.
package struct FrameHeader: Hashable, Sendable {
    static let magic: UInt32 = 0x4657_5053  // "SPWF"
    static let version: UInt16 = 1
    package static let byteCount = 88

    /// The file's own random number: frames of another file in recycled disk blocks do not have it.
    var salt: UInt64
    /// Number of the frame in its file, from 0.
    var sequence: UInt64
    /// The group commit that the frame belongs to.
    package var epoch: UInt64
    /// Whether it is the epoch's last; an epoch without its last frame was never acknowledged.
    var endsEpoch: Bool
    /// How far the epoch brings the stream that is being replayed.
    package var position: StreamPosition
    /// Length of the file that was known to be durable when the frame was written: a bad frame below it is
    /// damage, one above it may be a torn write.
    var durableLength: UInt64
    package var rowCount: UInt32
    /// Bytes after the header: the row group's pages, or a journal record's columns …
    var bodyLength: UInt64
    /// … and after those, what describes them.
    var metadataLength: UInt32
    /// CRC-32C of body and metadata.
    var contentChecksum: UInt32

    var contentLength: UInt64 { bodyLength + UInt64(metadataLength) }
}

/// How many attempts of a stream have durable outcomes.
package struct StreamPosition: Hashable, Sendable {
    /// The trace's fingerprint; 0 where nothing is replayed.
    package var stream: UInt64
    /// Attempts from the stream's start.
    package var attempts: UInt64

    package init(stream: UInt64, attempts: UInt64) {
        self.stream = stream
        self.attempts = attempts
    }

    package static let none = StreamPosition(stream: 0, attempts: 0)
}

extension FrameHeader {
    /// Writes the header over the first ``byteCount`` bytes of `buffer`.
    func write(over buffer: inout ByteBuffer) {
        buffer.replace(at: 0, littleEndian: Self.magic)
        buffer.replace(at: 4, littleEndian: Self.version)
        buffer.replace(at: 6, littleEndian: UInt16(endsEpoch ? 1 : 0))
        buffer.replace(at: 8, littleEndian: salt)
        buffer.replace(at: 16, littleEndian: sequence)
        buffer.replace(at: 24, littleEndian: epoch)
        buffer.replace(at: 32, littleEndian: position.stream)
        buffer.replace(at: 40, littleEndian: position.attempts)
        buffer.replace(at: 48, littleEndian: durableLength)
        buffer.replace(at: 56, littleEndian: bodyLength)
        buffer.replace(at: 64, littleEndian: metadataLength)
        buffer.replace(at: 68, littleEndian: rowCount)
        buffer.replace(at: 72, littleEndian: contentChecksum)
        buffer.replace(at: 76, littleEndian: UInt64(0))  // reserved
        let checksum = buffer.withUnsafeBytes(in: 0..<Self.byteCount - 4) { crc32c($0) }
        buffer.replace(at: Self.byteCount - 4, littleEndian: checksum)
    }

    /// Nil unless the bytes are a whole header that was written for the file with this salt.
    init?(_ bytes: UnsafeRawBufferPointer, salt: UInt64) {
        guard bytes.count >= Self.byteCount else { return nil }
        func field<Value: FixedWidthInteger>(_ offset: Int, _: Value.Type) -> Value {
            Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
        let covered = UnsafeRawBufferPointer(rebasing: bytes[..<(Self.byteCount - 4)])
        guard field(0, UInt32.self) == Self.magic, field(4, UInt16.self) == Self.version,
            field(8, UInt64.self) == salt, field(Self.byteCount - 4, UInt32.self) == crc32c(covered)
        else { return nil }
        let attempts = field(40, UInt64.self)
        guard EpochMark.isPossible(epoch: field(24, UInt64.self), attempts: attempts) else { return nil }
        self.salt = salt
        endsEpoch = field(6, UInt16.self) & 1 == 1
        sequence = field(16, UInt64.self)
        epoch = field(24, UInt64.self)
        position = StreamPosition(stream: field(32, UInt64.self), attempts: attempts)
        durableLength = field(48, UInt64.self)
        bodyLength = field(56, UInt64.self)
        metadataLength = field(64, UInt32.self)
        rowCount = field(68, UInt32.self)
        contentChecksum = field(72, UInt32.self)
    }
}
