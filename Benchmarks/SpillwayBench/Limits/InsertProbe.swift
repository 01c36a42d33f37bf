import CSpillwayKernels
import SpillwayPlatform

/// How many random 8-byte keys a second enter hash tables that no cache holds: open addressing as in the engine's
/// index, with each key's slot asked for ahead of its use, and nothing else. Each thread has a table of its own.
final class InsertProbe: Sendable {
    private let memory: MappedMemory

    /// Bytes of all tables: several times what the caches of most machines hold.
    private static let byteCount = 1 << 30
    /// An eighth of the slots, so that probing costs next to nothing.
    private static let slotsPerKey = 8
    private static let prefetchDistance = 32

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
        let keyCount = slotCount / Self.slotsPerKey
        let seconds = try Stopwatch.seconds(threads: threads) { thread in
            let slots = self.memory.base.assumingMemoryBound(to: UInt64.self) + thread * slotCount
            Self.insert(keyCount, into: UnsafeMutableBufferPointer(start: slots, count: slotCount), seed: thread)
        }
        return Double(keyCount * threads) / seconds
    }

    private func clear() { memory.base.initializeMemory(as: UInt8.self, repeating: 0, count: memory.byteCount) }

    private static func insert(_ count: Int, into table: UnsafeMutableBufferPointer<UInt64>, seed: Int) {
        guard let slots = table.baseAddress else { return }
        let slotCount = table.count
        func home(_ key: UInt64) -> Int {
            Int(truncatingIfNeeded: key.multipliedFullWidth(by: UInt64(slotCount)).high)
        }
        let start = UInt64(seed) << 56
        // The same keys twice: once to ask for their slots, once to enter them.
        var (ahead, due) = (Scramble(seed: start), Scramble(seed: start))
        for _ in 0..<prefetchDistance { spillway_prefetch_for_write(slots + home(ahead.next())) }
        for _ in 0..<count {
            spillway_prefetch_for_write(slots + home(ahead.next()))
            let key = due.next()
            var slot = home(key)
            while slots[slot] != 0, slots[slot] != key { slot = slot + 1 < slotCount ? slot + 1 : 0 }
            slots[slot] = key
        }
    }
}
