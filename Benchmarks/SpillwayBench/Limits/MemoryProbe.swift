import SpillwayPlatform

/// What memory takes and gives, beyond every cache. Threads share one area, each having a part of its own.
final class MemoryProbe: Sendable {
    private let memory: MappedMemory

    /// Several times what the caches of most machines hold.
    private static let byteCount = 1 << 30

    /// Touches the memory, which is not to be measured.
    init() throws(BenchmarkError) {
        guard let memory = MappedMemory(byteCount: Self.byteCount) else { throw .noMemory(bytes: Self.byteCount) }
        memory.base.initializeMemory(as: UInt8.self, repeating: 1, count: memory.byteCount)
        self.memory = memory
    }

    /// Bytes read a second, each once.
    func readBytesPerSecond(threads: Int) throws -> Double {
        let partBytes = memory.byteCount / threads & ~0xfff
        let seconds = try Stopwatch.seconds(threads: threads) { thread in
            let part = UnsafeRawBufferPointer(start: self.memory.base + thread * partBytes, count: partBytes)
            Sink.keep(Self.sum(part.bindMemory(to: SIMD8<UInt64>.self)))
        }
        return Double(partBytes * threads) / seconds
    }

    /// Bytes copied a second, from one half of each part to the other: each is read once and written once.
    func copyBytesPerSecond(threads: Int) throws -> Double {
        let halfBytes = memory.byteCount / threads / 2 & ~0xfff
        let seconds = try Stopwatch.seconds(threads: threads) { thread in
            let part = self.memory.base + thread * 2 * halfBytes
            (part + halfBytes).copyMemory(from: part, byteCount: halfBytes)
        }
        return Double(halfBytes * threads) / seconds
    }

    private static func sum(_ vectors: UnsafeBufferPointer<SIMD8<UInt64>>) -> UInt64 {
        // Four sums, so that none waits for the one before.
        var sums = (SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>())
        for place in stride(from: 0, to: vectors.count & ~3, by: 4) {
            sums.0 &+= vectors[place]
            sums.1 &+= vectors[place + 1]
            sums.2 &+= vectors[place + 2]
            sums.3 &+= vectors[place + 3]
        }
        return (sums.0 &+ sums.1 &+ sums.2 &+ sums.3).wrappedSum()
    }
}
