/// Fills room whose size was computed to suffice; passing its end is a bug and traps.
struct ByteCursor {
    private let room: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ room: UnsafeMutableRawBufferPointer) {
        self.room = room
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        precondition(count < room.count)
        room[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func put(varint value: UInt64) {
        var rest = value
        while rest > 127 {
            put(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        put(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always)
    mutating func put(littleEndian value: UInt32) {
        precondition(room.count - count >= 4)
        room.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt32.self)
        count += 4
    }

    /// Where the next `byteCount` bytes go, for a kernel to fill.
    @inline(__always)
    mutating func next(_ byteCount: Int) -> UnsafeMutablePointer<UInt8> {
        precondition(byteCount >= 0 && room.count - count >= byteCount)
        defer { count += byteCount }
        return (room.baseAddress.unsafelyUnwrapped + count).assumingMemoryBound(to: UInt8.self)
    }

    /// Takes back bytes that a kernel wrote past its last value.
    @inline(__always)
    mutating func drop(_ byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= count)
        count -= byteCount
    }
}

extension UInt64 {
    var varintByteCount: Int { Swift.max(1, (bitWidth - leadingZeroBitCount + 6) / 7) }
}
