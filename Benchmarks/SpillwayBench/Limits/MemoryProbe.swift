import SpillwayPlatform

/// What memory takes and gives, beyond every cache. Each thread has buffers of its own, touched before the clock starts.
final class MemoryProbe: Sendable {
    private let threads: Int
    private let areas: [Area]

    /// One thread's buffer: the first half is copied to the second.
    private final class Area: Sendable {
        let memory: MappedMemory

        init(byteCount: Int) throws(BenchmarkError) {
            guard let memory = MappedMemory(byteCount: byteCount) else { throw .noMemory(bytes: byteCount) }
            memory.base.initializeMemory(as: UInt8.self, repeating: 1, count: memory.byteCount)
            self.memory = memory
        }
    }

    /// In all, and twice as much as the caches of most machines.
    private static let byteCount = 1 << 30

    init(threads: Int) throws {
        self.threads = threads
        areas = try (0..<threads).map { _ in try Area(byteCount: Self.byteCount / threads) }
    }

    /// Bytes read a second, each once.
    func readBytesPerSecond() throws -> Double {
        let areas = areas
        let seconds = try Stopwatch.seconds(threads: threads) { index in
            let memory = areas[index].memory.base
            let vectors = UnsafeRawBufferPointer(start: memory, count: areas[index].memory.byteCount)
                .bindMemory(to: SIMD8<UInt64>.self)
            // Four sums, so that none waits for the one before.
            var sums = (SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>())
            for place in stride(from: 0, to: vectors.count & ~3, by: 4) {
                sums.0 &+= vectors[place]
                sums.1 &+= vectors[place + 1]
                sums.2 &+= vectors[place + 2]
                sums.3 &+= vectors[place + 3]
            }
            Sink.keep((sums.0 &+ sums.1 &+ sums.2 &+ sums.3).wrappedSum())
        }
        return Double(byteCount) / seconds
    }

    /// Bytes copied a second: each is read once and written once.
    func copyBytesPerSecond() throws -> Double {
        let areas = areas
        let seconds = try Stopwatch.seconds(threads: threads) { index in
            let half = areas[index].memory.byteCount / 2
            (areas[index].memory.base + half).copyMemory(from: areas[index].memory.base, byteCount: half)
        }
        return Double(byteCount / 2) / seconds
    }

    private var byteCount: Int { areas.reduce(0) { $0 + $1.memory.byteCount } }
}
