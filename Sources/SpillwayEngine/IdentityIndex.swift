import CSpillwayKernels
import SpillwayPlatform

/// The identities of one shard: a set of 64-bit keys, spread evenly, in open addressing with linear probing.
///
/// A key's home slot is its place in the shard's key range scaled to the table, so slots are nearly in order of
/// key, a table of any size will do, and it grows where it is: address space for all that it may ever take is
/// reserved at the start, and pages come as slots are used. Between a third and two thirds of the slots are in
/// use: 12 to 24 bytes a key. 0 marks an empty slot; the key 0 is kept beside the table.
struct IdentityIndex: ~Copyable {
    private static let initialSlotCount = 4096
    private static let slotByteCount = MemoryLayout<UInt64>.size
    /// Slots behind the last home, so that probing need not wrap around. At two thirds full, a run of keys is
    /// longer than this with odds of e⁻²⁹⁵ (Knuth, TAOCP vol. 3, 6.4: the decay rate is α − 1 − ln α).
    private static let tailSlotCount = 4096

    private let memory: MappedMemory
    /// Homes; the tail comes on top.
    private var slotCount: Int
    private var containsZero = false
    private(set) var count = 0
    /// Leading bits that all keys of the shard share.
    private let sharedBits: UInt64
    private let budget: MemoryBudget

    /// - Parameter sharedBits: leading bits that all keys have in common.
    /// - Returns: nil if the system has no address space, or `budget` no room, for the smallest table.
    init?(sharedBits: Int, budget: MemoryBudget) {
        // Shards are alike in size to a fraction of a percent; half as much again is ample.
        let share = budget.limitBytes >> sharedBits
        let reserved = max(share + share / 2, Self.byteCount(slotCount: Self.initialSlotCount))
        guard budget.reserve(Self.byteCount(slotCount: Self.initialSlotCount)),
            let memory = MappedMemory(byteCount: reserved)
        else { return nil }
        self.memory = memory
        self.sharedBits = UInt64(sharedBits)
        self.budget = budget
        slotCount = Self.initialSlotCount
    }

    private static func byteCount(slotCount: Int) -> Int { (slotCount + tailSlotCount) * slotByteCount }

    private var slots: UnsafeMutablePointer<UInt64> { memory.base.assumingMemoryBound(to: UInt64.self) }

    /// Keys that fit before the table must grow.
    private var capacity: Int { slotCount / 3 * 2 }

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
    /// - Complexity: O(1), but O(count) when the table grows, which it does to twice its size.
    mutating func reserve(_ extra: Int) -> Int {
        if count + extra > capacity {
            grow(toHold: count + extra)
        }
        return capacity - count
    }

    func contains(_ key: UInt64) -> Bool {
        if key == 0 { return containsZero }
        let slot = slot(for: key)
        return slots[slot] == key
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
        let slot = slot(for: key)
        if slots[slot] == key { return false }
        slots[slot] = key
        count += 1
        return true
    }

    /// Where the key is, or the empty slot where it would be.
    @inline(__always)
    private func slot(for key: UInt64) -> Int {
        let slots = slots
        var slot = home(of: key)
        while slots[slot] != key, slots[slot] != 0 { slot += 1 }
        precondition(slot < slotCount + Self.tailSlotCount - 1)
        return slot
    }

    /// Puts a key that is not in the table into it.
    @inline(__always)
    private func place(_ key: UInt64) {
        let slots = slots
        var slot = home(of: key)
        while slots[slot] != 0 { slot += 1 }
        precondition(slot < slotCount + Self.tailSlotCount - 1)
        slots[slot] = key
    }

    private mutating func grow(toHold needed: Int) {
        let oldSlotCount = slotCount
        let requested = max(slotCount * 2, needed / 2 * 3 + 8)
        let extraBytes = (requested - oldSlotCount) * Self.slotByteCount
        guard Self.byteCount(slotCount: requested) <= memory.byteCount, budget.reserve(extraBytes) else { return }
        slotCount = requested
        // From the last slot down, a key's new home lies above all that is still to be moved, until near the
        // start, where what is left is taken out as a whole first.
        var slot = oldSlotCount + Self.tailSlotCount - 1
        while slot >= 0 {
            let key = slots[slot]
            if key != 0 {
                guard home(of: key) > slot else { break }
                slots[slot] = 0
                place(key)
            }
            slot -= 1
        }
        guard slot >= 0 else { return }
        let rest = (0...slot).map { slots[$0] }
        for index in 0...slot { slots[index] = 0 }
        for key in rest where key != 0 { place(key) }
    }
}
