import CSpillwayKernels
import SpillwayParquet
import SpillwayPlatform

/// Finds the identities that occur more than once, in bounded memory: each pass takes those of one range of hashes,
/// and as many passes are made as it takes.
///
/// The hash is multiplication by a random odd word, so that nobody can choose identities that all fall in one range.
final class IdentityCensus: Sendable {
    private let bucketCount: Int
    private static let bucketCounts = 1...1024
    /// Few enough for marks that stay in the second cache.
    private static let identitiesPerBucket = 1 << 16
    /// An identity in a bucket, and what of each thread's chunks is free.
    private static let bytesPerIdentity = 12

    let passCount: Int
    private let factor: UInt64
    private let identitiesPerPass: Int
    /// Each with a part of the pass under way.
    private let idleBuckets = Monitor<[IdentityBuckets]>([])
    private let idleFinders = Monitor<[RepetitionFinder]>([])
    private let repeated = Monitor<Set<UInt64>>([])

    /// - Parameter count: How many identities there are, about.
    init(count: Int, memoryBytes: Int, randomWord: UInt64) {
        let needed = max(0, count).multipliedReportingOverflow(by: Self.bytesPerIdentity).partialValue
        passCount = min(max(1, needed / max(1 << 20, memoryBytes) + 1), 1 << 16)
        factor = randomWord | 1
        identitiesPerPass = max(0, count) / passCount
        bucketCount = min(
            max(identitiesPerPass / Self.identitiesPerBucket, Self.bucketCounts.lowerBound),
            Self.bucketCounts.upperBound)
    }

    /// Takes those of `identities` whose turn it is in `pass`. From several threads at once.
    func add(_ identities: UnsafeBufferPointer<Int64>, pass: Int) {
        let division = spillway_division(
            factor: factor, all_count: UInt64(passCount * bucketCount), first: UInt64(pass * bucketCount),
            part_count: UInt64(bucketCount))
        let buckets =
            idleBuckets.withLock { $0.popLast() }
            ?? IdentityBuckets(bucketCount: bucketCount, expectedCount: identitiesPerPass)
        identities.withMemoryRebound(to: UInt64.self) { buckets.append($0, division) }
        idleBuckets.withLock { $0.append(buckets) }
    }

    /// Ends a pass: looks through what it took, and makes room for the next.
    func endPass(threads: Int) throws {
        let buckets = idleBuckets.withLock { $0 }
        try concurrentPerform(bucketCount, threads: threads) { [self] index in
            var finder = idleFinders.withLock { $0.popLast() } ?? RepetitionFinder()
            // Other bits of the hash than the bucket's, which all in it share.
            let found = finder.repetitions(inBucket: index, of: buckets, factor: factor &* factor)
            idleFinders.withLock { $0.append(finder) }
            if !found.isEmpty { repeated.withLock { $0.formUnion(found) } }
        }
        for buckets in buckets { buckets.removeAll() }
    }

    /// How many identities each bucket has of the pass under way.
    var bucketSizes: [Int] {
        let buckets = idleBuckets.withLock { $0 }
        return (0..<bucketCount).map { index in buckets.reduce(0) { $0 + $1.count(inBucket: index) } }
    }

    /// What occurs more than once in the passes that were made.
    var repeatedIdentities: Set<UInt64> { repeated.withLock { $0 } }
}

/// Finds what occurs more than once by a bit of each hash: what shares its bit with another is looked at once more. In
/// memory that is reused: to touch new pages costs more than to fill them.
private struct RepetitionFinder {
    /// At least as many, so that few share theirs by chance.
    private static let marksPerIdentity = 16
    private static let leastMarkBits = 11

    private var marks: [UInt64] = []
    private var suspects: [UInt64] = []

    /// What occurs more than once in a bucket, of which several threads have parts.
    mutating func repetitions(inBucket index: Int, of buckets: [IdentityBuckets], factor: UInt64) -> [UInt64] {
        let count = buckets.reduce(0) { $0 + $1.count(inBucket: index) }
        let chains = buckets.map { $0.chains[index] }
        let markCount = max(count * Self.marksPerIdentity, 1 << Self.leastMarkBits)
        let bits = Int.bitWidth - (markCount - 1).leadingZeroBitCount
        marks.grow(to: 1 << (bits - 5))
        suspects.grow(to: count)
        let found = spillway_find_marked_twice_u64(chains, chains.count, factor, &marks, UInt32(bits), &suspects)
        suspects[..<found].sort()
        return zip(suspects[..<found], suspects[..<found].dropFirst()).filter { $0 == $1 }.map(\.0)
    }
}
