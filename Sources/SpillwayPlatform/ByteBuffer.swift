/// Bytes that grow at the end, kept for reuse: clearing keeps the memory.
///
/// Uninitialised room is handed out with ``withRoom(_:_:)``; all other access is bounds-checked.
package struct ByteBuffer: ~Copyable, @unchecked Sendable {
    // Unchecked: the memory has one owner, as the type cannot be copied.
    private var memory: UnsafeMutableRawBufferPointer
    package private(set) var count = 0

    package init(capacity: Int = 0) {
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    package var capacity: Int { memory.count }

    package mutating func removeAll() { count = 0 }

    /// Makes room for `extra` more bytes, at least doubling when it grows.
    package mutating func reserve(_ extra: Int) {
        guard memory.count - count < extra else { return }
        let grown = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(memory.count * 2, count + extra, 256), alignment: 16)
        grown.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
        memory.deallocate()
        memory = grown
    }

    /// Makes room for so many more bytes, and has the system find memory for them now.
    package mutating func populate(byteCount: Int) {
        reserve(byteCount)
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).initializeMemory(as: UInt8.self, repeating: 0)
    }

    package mutating func append(_ byte: UInt8) {
        reserve(1)
        memory[count] = byte
        count += 1
    }

    /// Appends the value's little-endian bytes.
    @inline(__always)
    package mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        reserve(MemoryLayout<Value>.size)
        memory.storeBytes(of: value.littleEndian, toByteOffset: count, as: Value.self)
        count += MemoryLayout<Value>.size
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        withRoom(bytes.count) { room in
            room.copyMemory(from: bytes)
            return bytes.count
        }
    }

    package mutating func append(_ bytes: some Collection<UInt8>) {
        withRoom(bytes.count) { room in
            room.copyBytes(from: bytes)
            return bytes.count
        }
    }

    /// Hands out `byteCount` bytes of room at the end; `body` says how many of them it filled.
    @inline(__always)
    package mutating func withRoom<Failure: Error>(
        _ byteCount: Int, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        reserve(byteCount)
        let filled = try body(UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + byteCount]))
        precondition(filled <= byteCount)
        count += filled
    }

    /// Overwrites bytes that are already there.
    package mutating func replace<Value: FixedWidthInteger>(at offset: Int, littleEndian value: Value) {
        precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= count)
        memory.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }

    /// Cuts the end off.
    package mutating func truncate(to count: Int) {
        precondition(count <= self.count)
        self.count = count
    }

    package borrowing func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    }

    package borrowing func withUnsafeBytes<Result, Failure: Error>(
        in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return try body(UnsafeRawBufferPointer(rebasing: memory[range]))
    }
}
