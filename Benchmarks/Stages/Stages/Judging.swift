import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport

/// Telling new identities from known ones, and keeping the rows of the new, shard by shard under its lock. Batches are
/// routed beforehand.
final class Judging: StageWork {
    enum Index {
        /// Empty, with room for all that will come.
        case roomy
        /// Empty and small, so that it grows on the way.
        case growing
        /// All that will come is known.
        case full
    }

    private let routes: [BatchRoute]
    private let index: Index
    private let pool = RowBlockPool()
    private var shards: [Monitor<Shard>] = []
    private var outcomes = [OutcomeCode](repeating: .accepted, count: SurgeBatch.batchRows)
    let unitCount: Int

    private static let indexBytesPerShard = 64 << 20
    /// The smallest table of keys that have so many leading bits in common has room for 16 000.
    private static let smallTableBits = 7

    init(rows: Int, _ index: Index) throws {
        self.index = index
        unitCount = rows
        let shardBits = index == .growing ? 0 : BatchRoute.engineShardBits
        routes = SurgeBatch.batches(rows: rows, .e164).map { BatchRoute($0, shardBits: shardBits) }
        if index == .full {
            shards = try Self.emptyShards(expected: rows)
            _ = judgeAll()
        }
    }

    func reset() throws {
        switch index {
        case .roomy: shards = try Self.emptyShards(expected: unitCount)
        // As full as one of many shards gets in a long surge. That its keys differ in all bits does not matter: the
        // index looks at the others only, in which hardly any two are equal.
        case .growing: shards = [Monitor(try Self.emptyShard(0, sharedBits: Self.smallTableBits))]
        case .full: break
        }
    }

    func run() throws {
        let accepted = judgeAll()
        // Among random numbers a few are equal.
        let isExpected = index == .full ? accepted == 0 : accepted > unitCount / 100 * 99
        guard isExpected else { throw StageError(description: "judging took \(accepted) of \(unitCount) for new") }
    }

    private func judgeAll() -> Int {
        var accepted = 0
        for route in routes {
            for (number, shard) in shards.enumerated() {
                accepted += shard.withLock { shard in
                    shard.judge(route, part: route.part(of: number), outcomes: &outcomes, pool: pool)
                }
            }
        }
        return accepted
    }

    private static func emptyShards(expected: Int) throws -> [Monitor<Shard>] {
        let count = 1 << BatchRoute.engineShardBits
        return try (0..<count).map { number in
            var shard = try emptyShard(number, sharedBits: BatchRoute.engineShardBits)
            shard.reserve(expected / count)
            return Monitor(shard)
        }
    }

    private static func emptyShard(_ number: Int, sharedBits: Int) throws -> Shard {
        guard
            let shard = Shard(
                number: number, sharedBits: sharedBits, indexBytes: indexBytesPerShard, epoch: 1, passed: .none)
        else { throw StageError(description: "no address space for the index") }
        return shard
    }
}

/// Moving the keys of a full table to one that is twice as large.
final class IndexGrowing: StageWork {
    private var index: IdentityIndex?
    let unitCount: Int

    /// The smallest table of keys that have so many leading bits in common has room for 500.
    private static let sharedBits = 12
    private static let indexBytes = 64 << 20
    /// Tables of this phase are nearly full with a power of two of keys.
    private static let phase = 0.05

    init(rows: Int) { unitCount = rows }

    func reset() throws {
        guard
            var index = IdentityIndex(sharedBits: Self.sharedBits, limitBytes: Self.indexBytes, phase: Self.phase),
            index.reserve(unitCount) >= unitCount
        else { throw StageError(description: "no address space for the index") }
        var random = SplitMix64(seed: 1)
        for _ in 0..<unitCount { _ = index.insert(random.next()) }
        guard index.reserve(0) < unitCount else { throw StageError(description: "the index is not full") }
        self.index = consume index
    }

    func run() throws {
        guard (index?.reserve(unitCount) ?? 0) >= unitCount else {
            throw StageError(description: "the index did not grow")
        }
    }
}
