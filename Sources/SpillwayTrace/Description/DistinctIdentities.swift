internal import SpillwayModel
internal import SpillwayPlatform

/// Counts the identities of a trace exactly, in bounded memory: it reads the trace as often as it takes to look at
/// a part of all identities at a time, then sorts that part.
enum DistinctIdentities {
    /// A valid attempt.
    private struct Entry {
        var identity: UInt64
        /// Slice (33 bits), row (28 bits), region (3 bits): of one identity, the least is the first.
        var place: UInt64

        var region: Int { Int(place & 7) }
    }

    /// Sorted on their own, so that threads can share the work.
    private static let shardCount = 64

    static func count(
        in trace: any Trace, attempts: Int, threads: Int, attemptsPerPass: Int = 1 << 24
    ) throws -> [Region: Int] {
        let passCount = max(1, (attempts + attemptsPerPass - 1) / attemptsPerPass)
        var counts = [Int](repeating: 0, count: Region.allCases.count)
        for pass in 0..<passCount {
            let shards = Shards()
            try forEachSlice(of: trace, threads: threads) { index, slice in
                shards.append(entries(of: slice, index, pass: pass, of: passCount))
            }
            for (region, count) in try shards.count(threads: threads).enumerated() { counts[region] += count }
        }
        return Dictionary(uniqueKeysWithValues: zip(Region.allCases, counts))
    }

    /// The entries of one pass by shard.
    private static func entries(
        of slice: TraceSlice, _ index: Int, pass: Int, of passCount: Int
    ) -> [[Entry]] {
        let batch = slice.batch
        let regionCodes = Country.regionCodes
        var shards = [[Entry]](repeating: [], count: shardCount)
        for row in 0..<slice.count where batch.isValid(row) {
            let identity = batch.identity[row].rawValue
            let hash = mix(identity)
            guard scaled(hash >> 32, to: UInt64(passCount)) == UInt64(pass) else { continue }
            let region = UInt64(regionCodes[Int(batch.country[row].index)])
            let place = UInt64(index) << 31 | UInt64(row) << 3 | region
            shards[Int(hash % UInt64(shardCount))].append(Entry(identity: identity, place: place))
        }
        return shards
    }

    private final class Shards: Sendable {
        private let entries = Monitor([[Entry]](repeating: [], count: shardCount))

        func append(_ parts: [[Entry]]) {
            entries.withLock { entries in
                for (shard, part) in parts.enumerated() { entries[shard] += part }
            }
        }

        /// Distinct identities by index of region.
        func count(threads: Int) throws -> [Int] {
            let counts = Monitor([Int](repeating: 0, count: Region.allCases.count))
            try concurrentPerform(shardCount, threads: threads) { shard in
                var part: [Entry] = []
                self.entries.withLock { swap(&part, &$0[shard]) }
                part.sort { ($0.identity, $0.place) < ($1.identity, $1.place) }
                var found = [Int](repeating: 0, count: Region.allCases.count)
                var previous: UInt64?
                for entry in part where entry.identity != previous {
                    previous = entry.identity
                    found[entry.region] += 1
                }
                counts.withLock { counts in
                    for (region, count) in found.enumerated() { counts[region] += count }
                }
            }
            return counts.withLock { $0 }
        }
    }
}
