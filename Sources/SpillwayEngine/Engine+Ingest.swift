import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import Synchronization

extension Engine {
    /// Takes a batch, and answers once every outcome is as durable as the engine's configuration promises.
    ///
    /// Any number of tasks may call this at once; the more do, the more share each commit. While memory for buffered
    /// rows is used up the calling thread waits, for as long as it takes to encode some.
    ///
    /// - Throws: ``EngineError/store(_:)`` if the commit fails: then nothing is known of the batch's new
    ///   registrations until the store is opened again. Attempts that are refused do not throw: each has its outcome.
    public func ingest(_ batch: RegistrationBatch) async throws(EngineError) -> Acknowledgement {
        try await submit(batch).acknowledgement
    }

    /// Takes a batch and returns once it is judged; the ticket waits for the commit. A producer that submits on
    /// before it waits keeps the pipeline full.
    ///
    /// - Throws: ``EngineError/store(_:)`` if an earlier commit has failed.
    public func submit(_ batch: RegistrationBatch) throws(EngineError) -> Ticket {
        try submit(batch, advancing: nil)
    }

    /// As ``submit(_:)``, for a batch that holds the attempts `range` of the stream that was begun. The batches of a
    /// stream are judged in its order, whichever threads submit them: each waits for the one before it, so on every
    /// thread ranges must ascend. Of two attempts with one identity the earlier in the stream is the one accepted.
    package func submit(_ batch: RegistrationBatch, advancing range: Range<UInt64>?) throws(EngineError) -> Ticket {
        var outcomes = [OutcomeCode](repeating: .refused(.shuttingDown), count: batch.count)
        guard try intake.admit(rows: batch.count) == .admitted else {
            return Ticket(engine: self, epoch: 0, outcomes: outcomes)
        }
        var route = idleRoutes.withLock { $0.popLast() } ?? BatchRoute()
        route.fill(
            from: batch, permutation: permutation, shardBits: shardBits,
            acceptedTimes: configuration.acceptedTimes, outcomes: &outcomes)
        let (epoch, accepted) = judge(batch, route, advancing: range, outcomes: &outcomes)
        idleRoutes.withLock { $0.append(route) }
        intake.judged(rows: batch.count, accepted: accepted)
        return Ticket(engine: self, epoch: epoch, outcomes: outcomes)
    }

    /// Begins a stream at a position: the next batch of it is the one that begins there. No batch of another stream
    /// may be under way.
    package func beginStream(at position: StreamPosition) {
        for shard in shards { shard.withLock(notify: true) { $0.pass(position) } }
    }

    /// Visits the shards; returns the last epoch that any part of the batch fell into.
    private func judge(
        _ batch: RegistrationBatch, _ route: borrowing BatchRoute, advancing range: Range<UInt64>?,
        outcomes: inout [OutcomeCode]
    ) -> (epoch: UInt64, accepted: Int) {
        var epoch: UInt64 = 0
        var accepted = 0
        let first = range == nil ? nextShard.add(1, ordering: .relaxed).oldValue : 0
        for step in 0..<shards.count {
            let index = (first + step) & (shards.count - 1)
            let part = route.part(of: index)
            func visit(_ shard: inout Shard) {
                accepted += shard.judge(route, part: part, of: batch, outcomes: &outcomes, pool: pool)
                epoch = max(epoch, shard.epoch)
            }
            if let range {
                shards[index].wait(until: { $0.passed.attempts == range.lowerBound }, notify: true) { shard in
                    visit(&shard)
                    shard.pass(StreamPosition(stream: shard.passed.stream, attempts: range.upperBound))
                }
            } else if !part.isEmpty {
                shards[index].withLock { visit(&$0) }
            }
        }
        return (epoch, accepted)
    }
}
