/// A checked cursor over bytes of a file: running out of them is an error that names the place.
package struct ByteReader {
    private let buffer: UnsafeRawBufferPointer
    package private(set) var position = 0
    /// Of the first byte, in the file.
    private let fileOffset: UInt64

    package init(_ bytes: UnsafeRawBufferPointer, fileOffset: UInt64) {
        self.buffer = bytes
        self.fileOffset = fileOffset
    }

    package var remaining: Int { buffer.count - position }
    package var offset: UInt64 { fileOffset + UInt64(position) }

    package func damaged(_ problem: String) -> ParquetError { .damaged(offset: offset, problem: problem) }
    package func unsupported(_ problem: String) -> ParquetError { .unsupported(offset: offset, problem: problem) }

    @inline(__always)
    package mutating func byte() throws(ParquetError) -> UInt8 {
        guard position < buffer.count else { throw damaged("ends early") }
        defer { position += 1 }
        return buffer[position]
    }

    /// The next `count` bytes; valid as long as what the reader was made from.
    package mutating func bytes(_ count: Int) throws(ParquetError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else {
            throw damaged("\(count) bytes wanted, \(remaining) left")
        }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: buffer[position..<position + count])
    }

    /// All bytes that are left, without taking them.
    package var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[position...]) }

    @inline(__always)
    mutating func littleEndian<Value: FixedWidthInteger>(_: Value.Type) throws(ParquetError) -> Value {
        let bytes = try bytes(MemoryLayout<Value>.size)
        return Value(littleEndian: bytes.loadUnaligned(as: Value.self))
    }

    /// As ``littleEndian(_:)``, for modules that cannot specialise it.
    package mutating func uint32() throws(ParquetError) -> UInt32 { try littleEndian(UInt32.self) }

    /// ULEB128 of at most 64 bits.
    package mutating func varint() throws(ParquetError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try byte()
            if shift == 63, byte > 1 { break }
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        throw damaged("number beyond 64 bits")
    }

    /// A varint that counts bytes or elements, each of which takes room in what follows or is checked later.
    package mutating func length() throws(ParquetError) -> Int {
        let value = try varint()
        guard value <= UInt64(Int32.max) else { throw damaged("length of \(value)") }
        return Int(value)
    }
}
