import CSpillwayKernels
import SpillwayPlatform

/// How many random 8-byte keys a second enter a hash table that no cache holds: open addressing as in the engine's
/// index, with each key's slot asked for ahead of its use, and nothing else. Each thread has a table of its own.
final class InsertProbe: Sendable {
    private let tables: [Table]

    /// Bytes of all tables: several times what the caches of most machines hold.
    private static let byteCount = 1 << 30
    /// A quarter of the slots, so that probing costs next to nothing.
    private static let keysPerSlot = 0.25
    private static let prefetchDistance = 32

    /// The tables' memory is touched before the clock starts.
    init(threads: Int) throws {
        tables = try (0..<threads).map { _ in try Table(byteCount: Self.byteCount / threads) }
    }

    /// Fills the tables anew.
    func insertsPerSecond() throws -> Double {
        let tables = tables
        for table in tables { table.clear() }
        let seconds = try Stopwatch.seconds(threads: tables.count) { tables[$0].insert(seed: UInt64($0) << 56) }
        return Double(tables.reduce(0) { $0 + $1.keyCount }) / seconds
    }

    private final class Table: Sendable {
        private let memory: MappedMemory
        private let slotCount: Int

        var keyCount: Int { Int(Double(slotCount) * InsertProbe.keysPerSlot) }

        init(byteCount: Int) throws(BenchmarkError) {
            guard let memory = MappedMemory(byteCount: byteCount) else { throw .noMemory(bytes: byteCount) }
            slotCount = memory.byteCount / 8
            self.memory = memory
            clear()
        }

        func clear() { memory.base.initializeMemory(as: UInt8.self, repeating: 0, count: memory.byteCount) }

        private func home(_ key: UInt64) -> Int {
            Int(truncatingIfNeeded: key.multipliedFullWidth(by: UInt64(slotCount)).high)
        }

        /// Inserts ``keyCount`` keys. Their numbers are remembered while they wait for their slots.
        func insert(seed: UInt64) {
            let slots = memory.base.assumingMemoryBound(to: UInt64.self)
            var (ahead, due) = (Scramble(seed: seed), Scramble(seed: seed))
            for _ in 0..<InsertProbe.prefetchDistance { spillway_prefetch_for_write(slots + home(ahead.next())) }
            for _ in 0..<keyCount {
                spillway_prefetch_for_write(slots + home(ahead.next()))
                let key = due.next()
                var slot = home(key)
                while slots[slot] != 0, slots[slot] != key { slot = slot + 1 < slotCount ? slot + 1 : 0 }
                slots[slot] = key
            }
        }
    }
}
