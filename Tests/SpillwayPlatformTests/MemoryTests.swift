import Glibc
import SpillwayPlatform
import Testing

@Suite struct MemoryTests {
    @Test func aByteBufferGrowsAndKeepsItsBytes() {
        var buffer = ByteBuffer()
        var model: [UInt8] = []
        for value in 0..<2_000 {
            buffer.append(littleEndian: UInt32(value))
            model += [UInt8(value & 0xff), UInt8(value >> 8), 0, 0]
        }
        buffer.append([7, 8, 9])
        buffer.withRoom(10) { room in
            room[0] = 1
            return 1
        }
        model += [7, 8, 9, 1]
        buffer.replace(at: 4, littleEndian: UInt16(0xbeef))
        (model[4], model[5]) = (0xef, 0xbe)
        buffer.truncate(to: model.count - 1)
        #expect(buffer.withUnsafeBytes { Array($0) } == model.dropLast())
        let capacity = buffer.capacity
        buffer.removeAll()
        #expect(buffer.count == 0 && buffer.capacity == capacity)
    }

    @Test func availableMemoryIsPartOfTheMachines() throws {
        let available = try #require(Process.availableMemoryBytes)
        #expect(available > 0 && available < Process.physicalMemoryBytes)
    }

    @Test(arguments: [1, 4096, 4097, 2 << 20, (2 << 20) + 1]) func mappedMemoryIsZeroedAndWritable(byteCount: Int)
        throws
    {
        let memory = MappedMemory(byteCount: byteCount)
        let isThere = memory != nil
        try #require(isThere)
        guard let memory else { return }
        #expect(memory.byteCount >= byteCount && memory.byteCount == MappedMemory.roundedByteCount(byteCount))
        let bytes = UnsafeMutableRawBufferPointer(start: memory.base, count: memory.byteCount)
        // Each byte is the one before, and the first is 0.
        #expect(bytes[0] == 0 && memcmp(memory.base, memory.base + 1, memory.byteCount - 1) == 0)
        bytes[0] = 1
        bytes[byteCount - 1] = 2
        #expect(bytes[byteCount - 1] == 2)
        let exact = MappedMemory(byteCount: byteCount, isRoundedUp: false)
        guard let exact else { return }
        #expect((byteCount..<byteCount + 4096).contains(exact.byteCount))
        memset(exact.base, 1, exact.byteCount)
    }
}
