import SpillwayPlatform

/// How many random 8-byte keys a second enter hash tables that no cache holds: open addressing as in the engine's
/// index, with many slots asked for at once, and nothing else. Each thread has a table of its own.
final class InsertProbe: Sendable {
    private let memory: MappedMemory

    /// Bytes of all tables: several times what the caches of most machines hold.
    private static let byteCount = 1 << 30
    /// An eighth of the slots, so that probing costs next to nothing.
    private static let slotsPerKey = 8
    /// Keys whose slots are read together, before any is entered.
    private static let blockKeys = 256

    /// Touches the tables' memory, which is not to be measured.
    init() throws(BenchmarkError) {
        guard let memory = MappedMemory(byteCount: Self.byteCount) else { throw .noMemory(bytes: Self.byteCount) }
        self.memory = memory
        clear()
    }

    /// Fills the tables anew.
    func insertsPerSecond(threads: Int) throws -> Double {
        clear()
        let slotCount = memory.byteCount / MemoryLayout<UInt64>.size / threads
        let keyCount = slotCount / Self.slotsPerKey / Self.blockKeys * Self.blockKeys
        let seconds = try Stopwatch.seconds(threads: threads) { thread in
            let slots = self.memory.base.assumingMemoryBound(to: UInt64.self) + thread * slotCount
            Self.insert(keyCount, into: UnsafeMutableBufferPointer(start: slots, count: slotCount), seed: thread)
        }
        return Double(keyCount * threads) / seconds
    }

    private func clear() { memory.base.initializeMemory(as: UInt8.self, repeating: 0, count: memory.byteCount) }

    private static func insert(_ count: Int, into table: UnsafeMutableBufferPointer<UInt64>, seed: Int) {
        guard let slots = table.baseAddress else { return }
        var random = SplitMix64(seed: UInt64(seed) << 56)
        var keys = [UInt64](repeating: 0, count: blockKeys)
        var homes = [Int](repeating: 0, count: blockKeys)
        var seen: UInt64 = 0
        for _ in 0..<count / blockKeys {
            // Reads that wait for none of the others, so that the processor has many under way.
            for index in 0..<blockKeys {
                let key = random.next()
                let home = Int(truncatingIfNeeded: key.multipliedFullWidth(by: UInt64(table.count)).high)
                (keys[index], homes[index]) = (key, home)
                seen ^= slots[home]
            }
            for index in 0..<blockKeys {
                var slot = homes[index]
                while slots[slot] != 0, slots[slot] != keys[index] { slot = slot + 1 < table.count ? slot + 1 : 0 }
                slots[slot] = keys[index]
            }
        }
        Sink.keep(seen)
    }
}
