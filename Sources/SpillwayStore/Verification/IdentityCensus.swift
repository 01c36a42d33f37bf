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
    /// As many are put in order at once: they stay in the second cache, too.
    private static let identitiesAtOnce = 1 << 15
    /// An identity in a bucket, and room to grow.
    private static let bytesPerIdentity = 12

    let passCount: Int
    private let factor: UInt64
    private let buckets: [Monitor<[UInt64]>]
    private let idleFinders = Monitor<[RepetitionFinder]>([])
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
        let division = spillway_division(
            factor: factor, all_count: UInt64(passCount * bucketCount), first: UInt64(pass * bucketCount),
            part_count: UInt64(bucketCount))
        for start in stride(from: 0, to: identities.count, by: Self.identitiesAtOnce) {
            let end = min(start + Self.identitiesAtOnce, identities.count)
            scratch.scatter(UnsafeBufferPointer(rebasing: identities[start..<end]), division)
            for (index, bucket) in buckets.enumerated() {
                let part = scratch.part(index)
                if !part.isEmpty { bucket.withLock { $0.append(contentsOf: part) } }
            }
        }
    }

    /// Ends a pass: looks through what it took, and makes room for the next.
    func endPass(threads: Int) throws {
        try concurrentPerform(buckets.count, threads: threads) { [self] index in
            var finder = idleFinders.withLock { $0.popLast() } ?? RepetitionFinder()
            let found = buckets[index].withLock { bucket -> [UInt64] in
                defer { bucket.removeAll(keepingCapacity: true) }
                // Other bits of the hash than the bucket's, which all in it share.
                return finder.repetitions(in: bucket, factor: factor &* factor)
            }
            idleFinders.withLock { $0.append(finder) }
            if !found.isEmpty { repeated.withLock { $0.formUnion(found) } }
        }
    }

    /// How many identities each bucket has of the pass under way.
    var bucketSizes: [Int] { buckets.map { $0.withLock(\.count) } }

    /// What occurs more than once in the passes that were made.
    var repeatedIdentities: Set<UInt64> { repeated.withLock { $0 } }
}

/// Finds what occurs more than once by a bit of each hash: what shares its bit with another is looked at once more. In
/// memory that is reused: to touch new pages costs more than to fill them.
private struct RepetitionFinder {
    /// At least as many, so that few share theirs by chance.
    private static let marksPerIdentity = 32

    private var marks: [UInt64] = []
    private var suspects: [UInt64] = []

    /// What occurs more than once.
    mutating func repetitions(in identities: [UInt64], factor: UInt64) -> [UInt64] {
        let markCount = max(2, identities.count) * Self.marksPerIdentity
        let bits = Int.bitWidth - (markCount - 1).leadingZeroBitCount
        marks.grow(to: 1 << (bits - 5))
        suspects.grow(to: identities.count + 1)
        let count = spillway_find_marked_twice_u64(
            identities, identities.count, factor, &marks, UInt32(bits), &suspects)
        suspects[..<count].sort()
        return zip(suspects[..<count], suspects[..<count].dropFirst()).filter { $0 == $1 }.map(\.0)
    }
}

/// One thread's memory for putting identities in order of bucket.
struct CensusScratch {
    /// Where each bucket's end, and those that are not taken.
    private var ends: [UInt64] = []
    private var numbers: [UInt32] = []
    private var sorted: [UInt64] = []

    mutating func scatter(_ identities: UnsafeBufferPointer<Int64>, _ division: spillway_division) {
        ends.grow(to: Int(division.part_count) + 1)
        numbers.grow(to: identities.count)
        sorted.grow(to: identities.count)
        identities.withMemoryRebound(to: UInt64.self) { identities in
            guard let start = identities.baseAddress else { return }
            withUnsafePointer(to: division) {
                spillway_scatter_u64(start, identities.count, $0, &numbers, &ends, &sorted)
            }
        }
    }

    func part(_ bucket: Int) -> ArraySlice<UInt64> {
        sorted[(bucket == 0 ? 0 : Int(ends[bucket - 1]))..<Int(ends[bucket])]
    }
}
