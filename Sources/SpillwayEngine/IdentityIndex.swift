import CSpillwayKernels
import SpillwayPlatform

/// The identities of one shard: a set of 64-bit keys, spread evenly, in open addressing with linear probing.
///
/// A key's home slot is its place in the shard's key range scaled to the table, so slots are nearly in order of
/// key, a table of any size will do, and it grows where it is: address space for all that it may ever take is
/// reserved at the start, and pages come as slots are used. Between a third and two thirds of the slots are in
/// use, up to three quarters once memory allows no more: 11 to 24 bytes a key. 0 marks an empty slot; the key 0 is kept beside the table.
struct IdentityIndex: ~Copyable {
    private static let initialSlotCount = 4096
    private static let slotByteCount = MemoryLayout<UInt64>.size
    /// Slots behind the last home, so that probing need not wrap around. At four fifths full, a run of keys is
    /// longer than this with odds of e⁻⁹⁵ (Knuth, TAOCP vol. 3, 6.4: the decay rate is α − 1 − ln α).
    private static let tailSlotCount = 4096

    private let memory: MappedMemory
    /// Homes; the tail comes on top.
    private var slotCount: Int
    private let maximumSlotCount: Int
    private var containsZero = false
    private(set) var count = 0
    /// Leading bits that all keys of the shard share.
    private let sharedBits: UInt64

    /// - Parameters:
    ///   - sharedBits: leading bits that all keys have in common.
    ///   - limitBytes: the most memory that the table may take.
    /// - Returns: nil if that does not suffice for the smallest table, or the system has no such address space.
    init?(sharedBits: Int, limitBytes: Int) {
        maximumSlotCount = limitBytes / Self.slotByteCount - Self.tailSlotCount
        guard maximumSlotCount >= Self.initialSlotCount, let memory = MappedMemory(byteCount: limitBytes) else {
            return nil
        }
        self.memory = memory
        self.sharedBits = UInt64(sharedBits)
        slotCount = Self.initialSlotCount
    }

    private var slots: UnsafeMutablePointer<UInt64> { memory.base.assumingMemoryBound(to: UInt64.self) }

    /// How full a table may get, in sixtieths.
    enum Load: Int {
        /// Beyond, it grows if memory allows.
        case roomy = 40
        /// Beyond, no new key is taken.
        case full = 45
        /// What stored keys may take: a table that was full before a restart fits in the same memory after it, though
        /// it was grown in other steps.
        case recovering = 48
    }

    /// Keys that fit a table before it is as full as that.
    private func capacity(_ load: Load) -> Int { slotCount / 60 * load.rawValue }

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
    /// - Parameter limit: how full the table may get once memory does not allow it to grow.
    /// - Complexity: O(1), but O(count) when the table grows, which it does to twice its size.
    mutating func reserve(_ extra: Int, upTo limit: Load = .full) -> Int {
        if count + extra > capacity(.roomy), slotCount < maximumSlotCount {
            grow(toSlots: max(2 * slotCount, Self.slots(for: count + extra)))
        }
        return max(capacity(limit) - count, 0)
    }

    private static func slots(for count: Int) -> Int { count / Load.roomy.rawValue * 60 + 60 }

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

    /// Forgets a key; false if it was not there.
    ///
    /// - Complexity: O(1)
    mutating func remove(_ key: UInt64) -> Bool {
        if key == 0 {
            defer { containsZero = false }
            return containsZero
        }
        let slots = slots
        var hole = slot(for: key)
        guard slots[hole] == key else { return false }
        // Keys behind the hole move up, so that none is cut off from its home (Knuth, TAOCP vol. 3, 6.4, Algorithm R).
        var next = hole + 1
        while slots[next] != 0 {
            if home(of: slots[next]) <= hole {
                slots[hole] = slots[next]
                hole = next
            }
            next += 1
        }
        slots[hole] = 0
        count -= 1
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

    private mutating func grow(toSlots requested: Int) {
        let oldSlotCount = slotCount
        slotCount = min(requested, maximumSlotCount)
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
