import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore

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

    private struct RoutedBatch {
        let batch: RegistrationBatch
        let route: BatchRoute
    }

    private let batches: [RoutedBatch]
    private let index: Index
    private let pool = RowBlockPool()
    private var shards: [Monitor<Shard>] = []
    private var outcomes: [OutcomeCode]
    let unitCount: Int

    private static let indexBytesPerShard = 64 << 20

    init(rows: Int, _ index: Index) throws {
        self.index = index
        unitCount = rows
        var outcomes = Array(repeating: OutcomeCode.accepted, count: SurgeBatch.batchRows)
        batches = SurgeBatch.batches(rows: rows, .e164).map { batch in
            var route = BatchRoute()
            route.fillAsEngine(from: batch, outcomes: &outcomes)
            return RoutedBatch(batch: batch, route: route)
        }
        self.outcomes = outcomes
        if index == .full {
            shards = try Self.emptyShards(expected: rows)
            _ = judgeAll()
        }
    }

    func reset() throws {
        switch index {
        case .roomy: shards = try Self.emptyShards(expected: unitCount)
        case .growing: shards = try Self.emptyShards(expected: 0)
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
        for routed in batches {
            for (number, shard) in shards.enumerated() {
                accepted += shard.withLock { shard in
                    shard.judge(
                        routed.route, part: routed.route.part(of: number), of: routed.batch, outcomes: &outcomes,
                        pool: pool)
                }
            }
        }
        return accepted
    }

    private static func emptyShards(expected: Int) throws -> [Monitor<Shard>] {
        let count = 1 << BatchRoute.shardBits
        return try (0..<count).map { _ in
            guard
                var shard = Shard(
                    sharedBits: BatchRoute.shardBits, indexBytes: indexBytesPerShard, epoch: 1, passed: .none)
            else { throw StageError(description: "no address space for the index") }
            shard.reserve(expected / count)
            return Monitor(shard)
        }
    }
}
