import CSpillwayKernels
import Glibc
import SpillwayPlatform

/// The identities of one shard: a set of 64-bit keys, spread evenly, in 8 to 16 bytes each, 12 on average.
///
/// Open addressing over buckets of one cache line, ten keys each. Bucket b is the home of the keys from b · width on,
/// so buckets are in order of key, and what a slot has to hold of a key is how far it lies below the bucket's end: 48
/// bits, which tell a key from all others exactly, those that were displaced from a full home among them. It grows where
/// it is, a few buckets at a time: address space for all that it may ever take is reserved at the start, and pages come
/// as buckets are used.
package struct IdentityIndex: ~Copyable {
    static let slotsPerBucket = Int(spillway_index_slots)
    static let bucketByteCount = 64
    static let leastBytesPerKey = bucketByteCount / slotsPerBucket
    /// Buckets that a key may lie in, its home first. As many follow the last home, so that probing need not wrap
    /// around.
    static let reach = Int(spillway_index_reach)
    /// Keys of a bucket in the smallest table: a slot's 48 bits reach four such.
    private static let greatestWidth = 0x1p46

    let memory: MappedMemory
    /// Where keys lie, and, while the table grows, which of them have moved already.
    var table: spillway_index_table
    /// Homes of the keys that do not wait to be moved.
    var bucketCount: Int
    /// As many buckets as the budget pays for.
    let budgetedBucketCount: Int
    /// While the table grows, the homes from here on have moved; 0 if it does not.
    var frontierBucket = 0
    /// Keys that all buckets within reach are too full for: hardly any, ever.
    var strays: Set<UInt64> = []
    private(set) var count = 0

    /// - Parameters:
    ///   - sharedBits: leading bits that all keys have in common.
    ///   - limitBytes: the most memory that the table may take. Less than the smallest one takes, 2 MiB divided by
    ///     2^(`sharedBits` − 3), limits the keys instead.
    ///   - phase: 0 ..< 1. A table grows to twice its size; those of other phases do so at other times, so that all
    ///     together are never larger than on average.
    /// - Returns: nil if the system has no such address space.
    package init?(sharedBits: Int, limitBytes: Int, phase: Double = 0) {
        let keyMask = UInt64.max >> UInt64(sharedBits)
        // A multiple of a power of two, so that it can be halved often.
        let width = (UInt64(Self.greatestWidth / exp2(phase)) >> 30) << 30
        bucketCount = Int(keyMask / width) + 1
        budgetedBucketCount = limitBytes / Self.bucketByteCount - Self.reach
        let mapped = (max(bucketCount, budgetedBucketCount) + Self.reach) * Self.bucketByteCount
        // Keys lie all over the smallest table: a few of them in huge pages would take more than the limit.
        let isRoomy = limitBytes >= MappedMemory.hugePageBytes
        guard budgetedBucketCount > 0, let memory = MappedMemory(byteCount: mapped, inHugePages: isRoomy) else {
            return nil
        }
        let geometry = spillway_index_geometry(width: width)
        table = spillway_index_table(
            buckets: memory.base, key_mask: keyMask, frontier: 0, above: geometry, below: geometry)
        self.memory = memory
    }

    /// Memory that the table takes, or will have taken once it has grown.
    package var byteCount: Int { (bucketCount + Self.reach) * Self.bucketByteCount }

    /// How full a table may get, in percent.
    package enum Load: Int {
        /// Beyond, it grows if memory allows.
        case roomy = 78
        /// Beyond, no new key is taken.
        case full = 85
        /// What stored keys may take: a table that was full before a restart fits in the same memory after it, though
        /// it was grown in other steps.
        case recovering = 90
    }

    /// Keys that fit a table before it is as full as that.
    func capacity(_ load: Load) -> Int {
        min(bucketCount, budgetedBucketCount) * Self.slotsPerBucket * load.rawValue / 100
    }

    /// Makes room for `extra` more keys if memory allows; returns for how many there is.
    ///
    /// - Parameter limit: how full the table may get once memory does not allow it to grow.
    /// - Complexity: O(`extra`); O(count) if the table is to become more than twice as large.
    package mutating func reserve(_ extra: Int, upTo limit: Load = .full) -> Int {
        if isGrowing { grow(forKeys: extra) }
        if count + extra > capacity(.roomy) { beginGrowth(forKeys: extra) }
        return max(capacity(limit) - count, 0)
    }

    /// Takes memory for the whole table at once, so that no key waits for the system to find it.
    func populate() {
        memory.populate(byteCount: min(byteCount, memory.byteCount))
    }

    func contains(_ key: UInt64) -> Bool {
        var (bucket, slot) = (UInt64(0), UInt32(0))
        let outcome = withUnsafePointer(to: table) { spillway_index_find($0, key, &bucket, &slot) }
        return outcome == spillway_index_found
            || outcome == spillway_index_out_of_reach && strays.contains(key & table.key_mask)
    }

    /// True if the key is new, and then it is kept.
    ///
    /// - Precondition: there is room: see ``reserve(_:)``.
    package mutating func insert(_ key: UInt64) -> Bool {
        let isNew = enter(key)
        if isNew { count += 1 }
        return isNew
    }

    private mutating func enter(_ key: UInt64) -> Bool {
        switch spillway_index_enter(&table, key) {
        case spillway_index_absent: true
        case spillway_index_found: false
        default: strays.insert(key & table.key_mask).inserted
        }
    }

    /// Enters all keys; `positions` says afterwards what became of each.
    ///
    /// - Precondition: there is room: see ``reserve(_:)``.
    mutating func insert(_ keys: Span<UInt64>, _ positions: inout KeyPositions) {
        keys.withUnsafeBufferPointer { keys in
            guard let start = keys.baseAddress else { return }
            positions.fill(count: keys.count) { spillway_index_insert(&table, start, keys.count, &$0) }
            positions.settle { strays.insert(keys[$0] & table.key_mask).inserted }
        }
        count += positions.freshCount
    }

    /// Forgets a key; false if it was not there.
    ///
    /// - Complexity: O(1)
    mutating func remove(_ key: UInt64) -> Bool {
        var (bucket, slot) = (UInt64(0), UInt32(0))
        switch spillway_index_find(&table, key, &bucket, &slot) {
        case spillway_index_found: break
        case spillway_index_out_of_reach:
            guard strays.remove(key & table.key_mask) != nil else { return false }
            count -= 1
            return true
        default: return false
        }
        let geometry = key & table.key_mask >= table.frontier ? table.above : table.below
        let wasFull = isFull(Int(bucket))
        spillway_index_clear(table.buckets, bucket, slot)
        count -= 1
        // Keys behind a full bucket may have passed it: they are placed again, so that none is cut off from its home.
        if wasFull { place(takeRun(from: Int(bucket) + 1, geometry)) }
        settleStrays()
        return true
    }

    /// Takes out the keys of a bucket, and of those behind it as long as they are full.
    private mutating func takeRun(from first: Int, _ geometry: spillway_index_geometry) -> [UInt64] {
        var keys: [UInt64] = []
        var bucket = first
        while true {
            let found = take(bucket, geometry)
            keys += found
            bucket += 1
            if found.count < Self.slotsPerBucket { return keys }
        }
    }

    /// Takes out the keys of one bucket.
    mutating func take(_ bucket: Int, _ geometry: spillway_index_geometry) -> [UInt64] {
        let keys = [UInt64](unsafeUninitializedCapacity: Self.slotsPerBucket) { room, count in
            guard let start = room.baseAddress else { return }
            count = Int(spillway_index_read(memory.base, UInt64(bucket), geometry, start))
        }
        (memory.base + bucket * Self.bucketByteCount).initializeMemory(
            as: UInt8.self, repeating: 0, count: Self.bucketByteCount)
        return keys
    }

    /// Enters keys that are counted already.
    mutating func place(_ keys: [UInt64]) {
        for key in keys {
            let isNew = enter(key)
            precondition(isNew, "a key is in one slot only")
        }
    }

    /// Looks for room for the strays where keys have gone from.
    mutating func settleStrays() {
        guard !strays.isEmpty else { return }
        let keys = Array(strays)
        strays = []
        place(keys)
    }

    func isFull(_ bucket: Int) -> Bool { spillway_index_is_full(memory.base, UInt64(bucket)) }
}

extension spillway_index_geometry {
    init(width: UInt64) { self.init(width: width, reciprocal: .max / width) }
}
