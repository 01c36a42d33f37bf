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
    ///   registrations until the store is opened again. With ``EngineError/isTransient`` the disk is full, or no file
    ///   can be opened: the engine keeps the batch and stores it once it can, and a batch that is sent again then
    ///   finds its registrations known. Attempts that are refused do not throw: each has its outcome.
    public func ingest(_ batch: RegistrationBatch) async throws(EngineError) -> Acknowledgement {
        try await submit(batch).acknowledgement
    }

    /// Takes a batch and returns once it is judged; the ticket waits for the commit. A producer that submits on
    /// before it waits keeps the pipeline full.
    ///
    /// - Throws: ``EngineError/store(_:)`` if an earlier commit has failed.
    public func submit(_ batch: RegistrationBatch) throws(EngineError) -> Ticket {
        let partRows = min(Self.maximumPartRows, configuration.bufferedRows)
        if batch.count <= partRows { return try submit(batch, advancing: nil) }
        var whole = Ticket(engine: self, epoch: 0, outcomes: [])
        for start in stride(from: 0, to: batch.count, by: partRows) {
            let part = batch[start..<min(start + partRows, batch.count)]
            whole.append(try submit(part, advancing: nil))
        }
        return whole
    }

    /// Of a larger batch so many attempts are taken at a time: it could not have room as a whole.
    private static let maximumPartRows = 256 << 10

    /// As ``submit(_:)``, for a batch that holds the attempts `range` of the stream that was begun. The batches of a
    /// stream are judged in its order, whichever threads submit them: each waits for the one before it, so on every
    /// thread ranges must ascend. Of two attempts with one identity the earlier in the stream is the one accepted.
    ///
    /// - Precondition: the batch is no larger than the buffers.
    package func submit(_ batch: RegistrationBatch, advancing range: Range<UInt64>?) throws(EngineError) -> Ticket {
        precondition(batch.count <= configuration.bufferedRows)
        var lap = StageLap(meter)
        var outcomes = [OutcomeCode](repeating: .accepted, count: batch.count)
        var route = idleRoutes.withLock { $0.popLast() } ?? BatchRoute()
        route.fill(
            from: batch, permutation: permutation, shardBits: shardBits,
            acceptedTimes: configuration.acceptedTimes, outcomes: &outcomes)
        lap.end(.route)
        // Room is taken in a stream's order too: batches that hold it and wait could leave none for the one that
        // they wait for.
        switch try range.map(waitForTurn) ?? true ? intake.admit(rows: batch.count) : .closing {
        case .admitted: break
        case .closing:
            if range != nil { shards.breakStream() }
            if let failure = intake.failure { throw failure }
            return refusal(of: batch, .shuttingDown)
        case .stalled(let error):
            guard range == nil else {
                shards.breakStream()
                throw error
            }
            let ticket = refusal(of: batch, .storageFull)
            // Nobody waits for that: it becomes durable with what can be written again.
            _ = tally(batch, ticket.outcomes)
            return ticket
        }
        lap.end(.admit)
        var verdict = Verdict()
        if let range {
            judgeInTurn(batch, route, range, outcomes: &outcomes, &verdict)
        } else {
            judge(route, outcomes: &outcomes, &verdict)
            if verdict.accepted < batch.count { verdict.epoch = max(verdict.epoch, tally(batch, outcomes)) }
        }
        lap.end(.judge, waited: verdict.waited)
        idleRoutes.withLock { $0.append(route) }
        intake.judged(rows: batch.count, accepted: verdict.accepted)
        lap.end(.handOff)
        return Ticket(engine: self, epoch: verdict.epoch, outcomes: outcomes)
    }

    /// Counts in what became of a batch.
    ///
    /// - Returns: the epoch that it is counted in.
    private func tally(_ batch: RegistrationBatch, _ outcomes: [OutcomeCode]) -> UInt64 {
        let tally = outcomeTally(of: batch, outcomes)
        let number = nextShard.load(ordering: .relaxed) & (shards.count - 1)
        return shards[number].withLock { shard in
            shard.add(tally)
            return shard.epoch
        }
    }

    private func outcomeTally(of batch: RegistrationBatch, _ outcomes: [OutcomeCode]) -> OutcomeTally {
        OutcomeTally(of: batch, outcomes, acceptedTimes: configuration.acceptedTimes)
    }

    private func refusal(of batch: RegistrationBatch, _ reason: Refusal.Reason) -> Ticket {
        Ticket(engine: self, epoch: 0, outcomes: [OutcomeCode](repeating: .refused(reason), count: batch.count))
    }

    /// Begins a stream at a position: the next batch of it is the one that begins there. No batch of another stream
    /// may be under way.
    package func beginStream(at position: StreamPosition) {
        cutting.withLock { _ in
            for shard in shards { shard.withLock(notify: true) { $0.beginStream(at: position) } }
        }
    }

    /// What the shards made of a batch.
    private struct Verdict {
        /// The last epoch that any part of it fell into.
        var epoch: UInt64 = 0
        var accepted = 0
        /// For the shards' locks.
        var waited = TimeSpent()
    }

    /// Visits the shards that the batch has attempts for, each producer from another one on.
    private func judge(
        _ route: borrowing BatchRoute, outcomes: inout [OutcomeCode], _ verdict: inout Verdict
    ) {
        var waited = TimeSpent()
        let first = nextShard.add(1, ordering: .relaxed).oldValue
        for step in 0..<shards.count {
            let index = (first &+ step) & (shards.count - 1)
            let part = route.part(of: index)
            guard !part.isEmpty else { continue }
            shards[index].withLock(waited: &waited) { shard in
                verdict.accepted += shard.judge(route, part: part, outcomes: &outcomes, pool: pool)
                verdict.epoch = max(verdict.epoch, shard.epoch)
            }
        }
        verdict.waited = waited
    }

    /// Waits until every batch before this one of the stream has left the first shard; false if one of them will never
    /// come.
    private func waitForTurn(_ range: Range<UInt64>) -> Bool {
        shards[0].wait(until: { $0.passed.attempts == range.lowerBound || $0.isStreamBroken }) { shard in
            shard.passed.attempts == range.lowerBound && !shard.isStreamBroken
        }
    }

    /// Visits every shard in order, each once the batch before this one has left it.
    private func judgeInTurn(
        _ batch: borrowing RegistrationBatch, _ route: borrowing BatchRoute, _ range: Range<UInt64>,
        outcomes: inout [OutcomeCode], _ verdict: inout Verdict
    ) {
        for index in shards.indices {
            let part = route.part(of: index)
            shards[index].wait(until: { $0.passed.attempts == range.lowerBound }, notify: true) { shard in
                // Of one epoch as a whole: the one that gathered at the first shard.
                shard.beginEpoch(verdict.epoch)
                verdict.accepted += shard.judge(route, part: part, outcomes: &outcomes, pool: pool)
                verdict.epoch = max(verdict.epoch, shard.epoch)
                if index == shards.count - 1, verdict.accepted < batch.count {
                    shard.add(outcomeTally(of: batch, outcomes))
                }
                shard.pass(StreamPosition(stream: shard.passed.stream, attempts: range.upperBound))
            }
        }
    }
}
