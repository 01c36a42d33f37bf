import SpillwayPlatform

/// Finds the identities that occur more than once, in bounded memory: each pass takes those of one range of hashes,
/// and as many passes are made as it takes.
///
/// The hash is multiplication by a random odd word, so that nobody can choose identities that all fall in one range.
final class IdentityCensus: Sendable {
    private let bucketCount: Int
    private static let bucketCounts = 1...1024
    /// Few enough for a table that stays in the cache.
    private static let identitiesPerBucket = 1 << 16
    /// An identity in a bucket, its slots in the table that finds repetitions, and room to grow.
    private static let bytesPerIdentity = 12

    let passCount: Int
    private let factor: UInt64
    private let buckets: [Monitor<[UInt64]>]
    private let idleTables = Monitor<[RepetitionTable]>([])
    private let repeated = Monitor<Set<UInt64>>([])

    /// - Parameter count: How many identities there are, about.
    init(count: Int, memoryBytes: Int, randomWord: UInt64) {
        let needed = max(0, count).multipliedReportingOverflow(by: Self.bytesPerIdentity).partialValue
        passCount = min(max(1, needed / max(1 << 20, memoryBytes) + 1), 1 << 16)
        factor = randomWord | 1
        let perPass = max(0, count) / passCount
        bucketCount = min(
            max(perPass / Self.identitiesPerBucket, Self.bucketCounts.lowerBound), Self.bucketCounts.upperBound)
        buckets = (0..<bucketCount).map { _ in Monitor([]) }
        let share = perPass / bucketCount
        for bucket in buckets { bucket.withLock { $0.reserveCapacity(share + share / 8) } }
    }

    /// Takes those of `identities` whose turn it is in `pass`. From several threads at once.
    func add(_ identities: UnsafeBufferPointer<Int64>, pass: Int, _ scratch: inout CensusScratch) {
        let first = pass * bucketCount
        scratch.scatter(identities, into: bucketCount) { identity in
            bucket(of: UInt64(bitPattern: identity)) - first
        }
        for (index, bucket) in buckets.enumerated() {
            let part = scratch.part(index)
            if !part.isEmpty { bucket.withLock { $0.append(contentsOf: part) } }
        }
    }

    /// Ends a pass: looks through what it took, and makes room for the next.
    func endPass(threads: Int) throws {
        try concurrentPerform(buckets.count, threads: threads) { [self] index in
            var table = idleTables.withLock { $0.popLast() } ?? RepetitionTable()
            let found = buckets[index].withLock { bucket -> [UInt64] in
                defer { bucket.removeAll(keepingCapacity: true) }
                // Other bits of the hash than the bucket's, which all in it share.
                return table.repetitions(in: bucket, factor: factor &* factor)
            }
            idleTables.withLock { $0.append(table) }
            if !found.isEmpty { repeated.withLock { $0.formUnion(found) } }
        }
    }

    /// How many identities each bucket has of the pass under way.
    var bucketSizes: [Int] { buckets.map { $0.withLock(\.count) } }

    /// What occurs more than once in the passes that were made.
    var repeatedIdentities: Set<UInt64> { repeated.withLock { $0 } }

    private func bucket(of identity: UInt64) -> Int {
        let hash = (identity &* factor) >> 32
        return Int((hash &* UInt64(passCount * bucketCount)) >> 32)
    }
}

/// Open addressing at half its room at most, in memory that is reused: to touch new pages costs more than to fill them.
private struct RepetitionTable {
    /// An empty slot is 0.
    private var slots: [UInt64] = []

    /// What occurs more than once.
    mutating func repetitions(in identities: [UInt64], factor: UInt64) -> [UInt64] {
        let bits = max(4, Int.bitWidth - (identities.count * 2).leadingZeroBitCount)
        if slots.count < 1 << bits { slots = Array(repeating: 0, count: 1 << bits) }
        var (found, zeroes) = ([UInt64](), 0)
        slots.withUnsafeMutableBufferPointer { slots in
            let slots = UnsafeMutableBufferPointer(rebasing: slots[..<(1 << bits)])
            slots.update(repeating: 0)
            for identity in identities {
                guard identity != 0 else {
                    zeroes += 1
                    continue
                }
                var slot = Int(truncatingIfNeeded: (identity &* factor) >> UInt64(64 - bits))
                while slots[slot] != 0, slots[slot] != identity { slot = (slot + 1) & (slots.count - 1) }
                if slots[slot] == identity { found.append(identity) }
                slots[slot] = identity
            }
        }
        return zeroes > 1 ? found + [0] : found
    }
}

/// One thread's memory for putting identities in order of bucket.
struct CensusScratch {
    private var starts: [Int] = []
    private var sorted: [UInt64] = []

    mutating func scatter(
        _ identities: UnsafeBufferPointer<Int64>, into bucketCount: Int, _ bucket: (Int64) -> Int
    ) {
        starts = Array(repeating: 0, count: bucketCount + 1)
        let buckets = 0..<bucketCount
        for identity in identities {
            let index = bucket(identity)
            if buckets.contains(index) { starts[index + 1] += 1 }
        }
        for index in buckets { starts[index + 1] += starts[index] }
        let count = starts[bucketCount]
        if sorted.count < count { sorted = Array(repeating: 0, count: count) }
        var next = starts
        for identity in identities {
            let index = bucket(identity)
            guard buckets.contains(index) else { continue }
            sorted[next[index]] = UInt64(bitPattern: identity)
            next[index] += 1
        }
    }

    func part(_ bucket: Int) -> ArraySlice<UInt64> { sorted[starts[bucket]..<starts[bucket + 1]] }
}
