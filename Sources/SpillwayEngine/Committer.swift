import SpillwayModel
import SpillwayPlatform
import SpillwayStore

/// Cuts epochs and decides how each becomes durable. Used by one thread.
final class Committer {
    private let shards: [Monitor<Shard>]
    private let cutting: Monitor<UInt64>
    private let intake: Intake
    private let pipeline: CommitPipeline
    private let pool: RowBlockPool
    private let configuration: EngineConfiguration
    private let system: any System
    private var lap: StageLap
    /// Rows that are durable in the journal and in no segment yet, densely packed.
    private var pending: [RowBlock] = []
    /// What became of attempts that brought no row, as far as the journal has it and no segment.
    private var pendingOutcomes: OutcomeTally
    /// Some of that is in a journal of an earlier run, which a seal leaves behind.
    private var hasEarlierOutcomes: Bool
    /// The same of epochs that wrote nothing: the next one that does takes it along.
    private var unwrittenOutcomes = OutcomeTally()
    /// The last epoch up to which all is, or will be, in a segment.
    private var lastRowGroupEpoch: UInt64
    private var pendingSinceUs: Int64 = 0
    private var lastMark: EpochMark
    private var isDone = false

    init(
        shards: [Monitor<Shard>], cutting: Monitor<UInt64>, intake: Intake, pipeline: CommitPipeline,
        pool: RowBlockPool,
        configuration: EngineConfiguration, system: any System, meter: StageMeter?, recovered: Recovered
    ) {
        self.shards = shards
        self.cutting = cutting
        self.intake = intake
        self.pipeline = pipeline
        self.pool = pool
        self.configuration = configuration
        self.system = system
        lap = StageLap(meter)
        pending = recovered.pending
        pendingOutcomes = recovered.outcomes
        hasEarlierOutcomes = !recovered.outcomes.isEmpty
        lastRowGroupEpoch = recovered.lastRowGroupEpoch
        lastMark = recovered.lastMark
        pendingSinceUs = system.monotonicUs()
    }

    /// What a store held when it was opened that is in no segment.
    struct Recovered {
        var pending: [RowBlock]
        var outcomes: OutcomeTally
        var lastRowGroupEpoch: UInt64
        var lastMark: EpochMark
    }

    private var pendingRows: Int { pending.reduce(0) { $0 + $1.count } }

    /// Works until the intake is closed or fails.
    func run() {
        lap.begin()
        while handle(intake.waitForWork(deadlineUs: deadlineUs)) {}
    }

    /// Does what is at hand; false if that is nothing.
    func step() -> Bool {
        guard !isDone, let signal = intake.workAtHand(deadlineUs: deadlineUs) else { return false }
        lap.begin()
        _ = handle(signal)
        return true
    }

    /// When rows that wait in the journal are old enough to be sealed.
    private var deadlineUs: Int64 {
        (pending.isEmpty ? system.monotonicUs() : pendingSinceUs) + configuration.segmentAgeMs * 1000
    }

    /// False if it was the last thing to do.
    private func handle(_ signal: Intake.Signal) -> Bool {
        lap.end(.handOff)
        switch signal {
        case .commit: commit(flush: false, seal: false)
        case .makeRoom: commit(flush: true, seal: false)
        case .timeout, .seal: commit(flush: true, seal: true)
        case .close:
            commit(flush: true, seal: true)
            isDone = true
        case .failed:
            shards.breakStream()
            isDone = true
        }
        if isDone { pipeline.close() }
        return !isDone
    }

    private func commit(flush: Bool, seal: Bool) {
        let (mark, gathered) = cut(seals: seal)
        let rows = gathered.rowCount
        let content: Epoch.Content
        var settlement: [RowGroupJob] = []
        unwrittenOutcomes += gathered.outcomes
        if rows >= configuration.largeEpochRows
            || pendingRows + rows >= Self.settlementsPending * configuration.rowGroupRows
            || (flush && pendingRows + rows > 0)
        {
            keepUnwrittenOutcomes()
            content = .rowGroups(takePending(adding: gathered.blocks, upTo: mark))
        } else if rows > 0 || mark.position != lastMark.position || (seal && owesOutcomes) {
            content = .journalRecord(journalRecord(of: gathered.blocks, mark, seals: seal))
            keepPending(gathered.blocks)
            if pendingRows >= configuration.rowGroupRows, !pipeline.isSettling {
                settlement = takePending(upTo: mark)
            }
        } else {
            content = .none
        }
        lap.end(.cut)
        intake.endCut(rows: rows, journaledRows: pendingRows)
        lastMark = mark
        pipeline.push(
            Epoch(mark: mark, content: content, rowCount: rows, seals: seal, settlement: settlement))
    }

    /// Whether there are outcomes that a seal has to make durable, or to write anew.
    private var owesOutcomes: Bool { !unwrittenOutcomes.isEmpty || hasEarlierOutcomes }

    private func keepUnwrittenOutcomes() {
        pendingOutcomes += unwrittenOutcomes
        unwrittenOutcomes = OutcomeTally()
    }

    /// The record of a small epoch. One that is sealed brings no rows: it tallies anew what the journal has of outcomes, so
    /// that earlier journals can go.
    private func journalRecord(of blocks: [RowBlock], _ mark: EpochMark, seals: Bool) -> FrameBuffer {
        let frame = pipeline.takeFrame()
        let unwritten = RecordedOutcomes(since: mark.number - 1, unwrittenOutcomes)
        keepUnwrittenOutcomes()
        let all = RecordedOutcomes(since: lastRowGroupEpoch, pendingOutcomes)
        JournalRecord.write(blocks, seals ? all : unwritten, into: frame)
        if seals { hasEarlierOutcomes = false }
        return frame
    }

    /// Row groups of all that waits in the journal, and of what the epoch adds.
    private func takePending(adding blocks: [RowBlock] = [], upTo mark: EpochMark) -> [RowGroupJob] {
        defer {
            pending = []
            pendingOutcomes = OutcomeTally()
            hasEarlierOutcomes = false
            lastRowGroupEpoch = mark.number
        }
        return jobs(pending + blocks, pendingOutcomes)
    }

    /// Row groups' worth of rows that may wait in the journal while those before them are settled; beyond, an epoch takes
    /// them along.
    static let settlementsPending = 3

    /// Takes what every shard has gathered.
    private func cut(seals: Bool) -> (mark: EpochMark, gathered: GatheredEpoch) {
        intake.beginCut(seals: seals)
        return cutting.withLock { cutEpoch in
            cutEpoch = lastMark.number + 1
            var (gathered, position) = shards[0].withLock { shard in
                shard.beginEpoch(lastMark.number + 2)
                return (shard.takeEnded(), shard.passed)
            }
            for shard in shards.dropFirst() { gathered += takeEnded(shard, cutAt: position) }
            return (EpochMark(number: lastMark.number + 1, position: position), gathered)
        }
    }

    /// A shard's part of the epoch that ended when the stream stood at `position`, no more and no less: batches before
    /// it may still be on their way to this shard; the first one behind it, if it comes before we do, ends the epoch
    /// here.
    private func takeEnded(_ shard: Monitor<Shard>, cutAt position: StreamPosition) -> GatheredEpoch {
        let next = lastMark.number + 2
        return shard.wait(until: { $0.epoch == next || $0.passed == position }) { shard in
            shard.beginEpoch(next)
            return shard.takeEnded()
        }
    }

    /// Shares blocks out among as many row groups as they make good ones; the last has the outcomes.
    private func jobs(_ blocks: [RowBlock], _ outcomes: OutcomeTally) -> [RowGroupJob] {
        let rows = blocks.reduce(0) { $0 + $1.count }
        let groupCount = max(
            1, (rows + configuration.rowGroupRows / 2) / configuration.rowGroupRows,
            (blocks.count + RowGroupBuilder.maximumBlockCount - 1) / RowGroupBuilder.maximumBlockCount)
        var jobs: [RowGroupJob] = []
        var group: [RowBlock] = []
        var taken = 0
        for (index, block) in blocks.enumerated() {
            group.append(block)
            taken += block.count
            let isLast = index == blocks.count - 1
            if isLast || taken * groupCount >= rows * (jobs.count + 1)
                || group.count == RowGroupBuilder.maximumBlockCount
            {
                jobs.append(
                    RowGroupJob(
                        blocks: group, outcomes: isLast ? outcomes : OutcomeTally(), frame: pipeline.takeFrame()))
                group = []
            }
        }
        return jobs
    }

    /// As many rows as the last block has room for.
    private func keepPending(_ block: RowBlock, from first: Int) -> Int {
        if pending.last?.isFull ?? true { pending.append(pool.take()) }
        let target = pending[pending.count - 1]
        let count = min(block.count - first, RowBlock.capacity - target.count)
        (target.rows + target.count).update(from: block.rows + first, count: count)
        target.grow(by: count)
        return count
    }

    /// Packs a small epoch's rows behind those that wait already; its own blocks serve others.
    private func keepPending(_ blocks: [RowBlock]) {
        if pending.isEmpty { pendingSinceUs = system.monotonicUs() }
        for block in blocks {
            var taken = 0
            while taken < block.count { taken += keepPending(block, from: taken) }
        }
        pool.giveBack(blocks)
    }
}
