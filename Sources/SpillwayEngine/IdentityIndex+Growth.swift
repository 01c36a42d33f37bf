import CSpillwayKernels

/// A table grows while it is used: keys move to where the larger table has them from the last home down, and those from
/// `table.frontier` on have. Moved keys lie so much further back that the two never meet, until near the start, where
/// what is left is taken out as a whole first.
extension IdentityIndex {
    var isGrowing: Bool { frontierBucket > 0 }

    /// A table that is less than 1.1 times as large is not worth it, and would let old and new places meet.
    private static let leastGrowth = (numerator: 11, denominator: 10)
    /// Homes that are taken out as a whole: from here on, 1.1 times a bucket's number is three reaches behind it.
    private static let lastStepBucketCount = 480
    /// Buckets that are moved for each key that comes in: done before a fortieth of the slots have filled meanwhile.
    private static let bucketsPerKey = 4
    private static let stepBucketCount = 64

    /// Begins to grow to room for `extra` more keys, in doublings, as far as the budget allows.
    mutating func beginGrowth(forKeys extra: Int) {
        if isGrowing { move(bucketCount: .max) }
        let needed = (count + extra) * 100 / (Self.slotsPerBucket * Load.roomy.rawValue) + 1
        var width = table.above.width
        var wanted = bucketCount
        while wanted < needed, wanted < budgetedBucketCount {
            width /= 2
            wanted = Int(table.key_mask / width) + 1
        }
        if wanted > budgetedBucketCount {
            width = table.key_mask / UInt64(budgetedBucketCount) + 1
            wanted = Int(table.key_mask / width) + 1
        }
        guard wanted >= bucketCount * Self.leastGrowth.numerator / Self.leastGrowth.denominator else { return }
        let isAtOnce = wanted / 2 > bucketCount
        frontierBucket = bucketCount
        table.below = table.above
        table.above = spillway_index_geometry(width: width)
        bucketCount = wanted
        moveStep()
        move(bucketCount: isAtOnce ? .max : extra * Self.bucketsPerKey)
    }

    /// Goes on growing as keys come in, so fast that it ends long before the room for them does.
    mutating func grow(forKeys extra: Int) { move(bucketCount: extra * Self.bucketsPerKey) }

    private mutating func move(bucketCount: Int) {
        var moved = 0
        while isGrowing, moved < bucketCount {
            moveStep()
            moved += Self.stepBucketCount
        }
    }

    /// Moves the last homes that have not moved yet.
    private mutating func moveStep() {
        var first = max(frontierBucket - Self.stepBucketCount, 0)
        // No key before the frontier may lie behind it: not where a bucket that is not full ends all probing.
        while first > Self.lastStepBucketCount, isFull(first - 1) { first -= 1 }
        if first <= Self.lastStepBucketCount { first = 0 }
        let moving = first..<frontierBucket + Self.reach
        let isSplit = first > 0 && table.below.width == 2 * table.above.width
        let keys = isSplit ? [] : moving.flatMap { take($0, table.below) }
        if isSplit { split(moving) }
        frontierBucket = first
        table.frontier = UInt64(first) * table.below.width
        place(keys)
        settleStrays()
    }

    private mutating func split(_ buckets: Range<Int>) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.slotsPerBucket) { found in
            guard let start = found.baseAddress else { return }
            var next = UInt64(buckets.upperBound)
            while next > buckets.lowerBound {
                var strayCount: UInt32 = 0
                next = spillway_index_split(&table, UInt64(buckets.lowerBound), next, start, &strayCount)
                strays.formUnion(found.prefix(Int(strayCount)))
            }
        }
    }
}
