import CSpillwayKernels
import SpillwayPlatform

/// The identities of one shard: a set of 64-bit keys in open addressing with linear probing.
///
/// A key's home slot is its place in the shard's key range scaled to the table, so slots are nearly in order of
/// key, a table of any size will do, and growing reads and writes memory from front to back. 0 marks an empty
/// slot; the key 0 is kept beside the table. Between half and four fifths of the slots are in use: 10 to 15 bytes
/// a key.
struct IdentityIndex: ~Copyable {
    private static let minimumSlotCount = 4096

    private var memory: MappedMemory
    private var slotCount: Int
    private var containsZero = false
    private(set) var count = 0
    /// Leading bits that all keys of the shard share.
    private let sharedBits: UInt64
    private let budget: MemoryBudget

    /// - Precondition: `budget` has room for the smallest table.
    init(sharedBits: Int, budget: MemoryBudget) {
        guard let memory = Self.allocate(slotCount: Self.minimumSlotCount, budget: budget) else {
            preconditionFailure("the budget has no room for an empty index")
        }
        self.memory = memory
        self.sharedBits = UInt64(sharedBits)
        self.budget = budget
        slotCount = Self.minimumSlotCount
    }

    private var slots: UnsafeMutablePointer<UInt64> { memory.base.assumingMemoryBound(to: UInt64.self) }

    /// Keys that fit before the table must grow.
    private var capacity: Int { slotCount / 5 * 4 }

    @inline(__always)
    private func home(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &<< sharedBits).multipliedFullWidth(by: UInt64(slotCount)).high)
    }

    /// Brings the key's home slot nearer, some ten keys ahead of its ``insert(_:)``.
    @inline(__always)
    func prefetch(_ key: UInt64) {
        spillway_prefetch_for_write(slots + home(of: key))
    }

    /// Makes room for `extra` more keys if memory allows; returns for how many there is.
    ///
    /// - Complexity: O(1), but O(count) when the table grows, which it does by half each time.
    mutating func reserve(_ extra: Int) -> Int {
        if count + extra > capacity {
            grow(toHold: count + extra)
        }
        return capacity - count
    }

    func contains(_ key: UInt64) -> Bool {
        if key == 0 { return containsZero }
        var slot = home(of: key)
        while slots[slot] != 0 {
            if slots[slot] == key { return true }
            slot = slot + 1 == slotCount ? 0 : slot + 1
        }
        return false
    }

    /// True if the key is new, and then it is kept.
    ///
    /// - Precondition: there is room: see ``reserve(_:)``.
    @inline(__always)
    mutating func insert(_ key: UInt64) -> Bool {
        if key == 0 {
            defer { containsZero = true }
            return !containsZero
        }
        let slots = slots
        var slot = home(of: key)
        while true {
            let found = slots[slot]
            if found == key { return false }
            if found == 0 { break }
            slot = slot + 1 == slotCount ? 0 : slot + 1
        }
        precondition(count < capacity)
        slots[slot] = key
        count += 1
        return true
    }

    private mutating func grow(toHold needed: Int) {
        let requested = max(slotCount + slotCount / 2, needed / 4 * 5 + 5)
        guard let grown = Self.allocate(slotCount: requested, budget: budget) else { return }
        let old = consumeMemory(replacingWith: grown)
        let keys = UnsafeBufferPointer(
            start: old.base.assumingMemoryBound(to: UInt64.self), count: slotCount)
        slotCount = memory.byteCount / MemoryLayout<UInt64>.size
        let slots = slots
        for key in keys where key != 0 {
            var slot = home(of: key)
            while slots[slot] != 0 { slot = slot + 1 == slotCount ? 0 : slot + 1 }
            slots[slot] = key
        }
        budget.release(old.byteCount)
    }

    private mutating func consumeMemory(replacingWith replacement: consuming MappedMemory) -> MappedMemory {
        swap(&memory, &replacement)
        return replacement
    }

    private static func allocate(slotCount: Int, budget: MemoryBudget) -> MappedMemory? {
        let byteCount = MappedMemory.roundedByteCount(slotCount * MemoryLayout<UInt64>.size)
        guard budget.reserve(byteCount) else { return nil }
        guard let memory = MappedMemory(byteCount: byteCount) else {
            budget.release(byteCount)
            return nil
        }
        return memory
    }
}
