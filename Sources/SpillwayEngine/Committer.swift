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
    private var pendingSinceUs: Int64 = 0
    private var lastMark: EpochMark
    private var isDone = false

    init(
        shards: [Monitor<Shard>], cutting: Monitor<UInt64>, intake: Intake, pipeline: CommitPipeline,
        pool: RowBlockPool,
        configuration: EngineConfiguration, system: any System, meter: StageMeter?, pending: [RowBlock],
        lastMark: EpochMark
    ) {
        self.shards = shards
        self.cutting = cutting
        self.intake = intake
        self.pipeline = pipeline
        self.pool = pool
        self.configuration = configuration
        self.system = system
        lap = StageLap(meter)
        self.pending = pending
        self.lastMark = lastMark
        pendingSinceUs = system.monotonicUs()
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
        let (mark, blocks) = cut(seals: seal)
        let rows = blocks.reduce(0) { $0 + $1.count }
        let content: Epoch.Content
        var settlement: [RowGroupJob] = []
        if rows >= configuration.largeEpochRows
            || pendingRows + rows >= Self.settlementsPending * configuration.rowGroupRows
            || (flush && pendingRows + rows > 0)
        {
            content = .rowGroups(jobs(pending + blocks))
            pending = []
        } else if rows > 0 || mark.position != lastMark.position {
            let frame = pipeline.takeFrame()
            JournalRecord.write(blocks, into: frame)
            keepPending(blocks)
            content = .journalRecord(frame)
            if pendingRows >= configuration.rowGroupRows, !pipeline.isSettling {
                settlement = jobs(pending)
                pending = []
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

    /// Row groups' worth of rows that may wait in the journal while those before them are settled; beyond, an epoch takes
    /// them along.
    static let settlementsPending = 3

    /// Takes every shard's rows.
    private func cut(seals: Bool) -> (mark: EpochMark, blocks: [RowBlock]) {
        intake.beginCut(seals: seals)
        return cutting.withLock { cutEpoch in
            cutEpoch = lastMark.number + 1
            var (blocks, position) = shards[0].withLock { shard in
                shard.beginEpoch(lastMark.number + 2)
                return (shard.takeEnded(), shard.passed)
            }
            for shard in shards.dropFirst() { blocks += takeEnded(shard, cutAt: position) }
            return (EpochMark(number: lastMark.number + 1, position: position), blocks)
        }
    }

    /// A shard's rows of the epoch that ended when the stream stood at `position`, no more and no less: batches before
    /// it may still be on their way to this shard; the first one behind it, if it comes before we do, ends the epoch
    /// here.
    private func takeEnded(_ shard: Monitor<Shard>, cutAt position: StreamPosition) -> [RowBlock] {
        let next = lastMark.number + 2
        return shard.wait(until: { $0.epoch == next || $0.passed == position }) { shard in
            shard.beginEpoch(next)
            return shard.takeEnded()
        }
    }

    /// Shares blocks out among as many row groups as they make good ones.
    private func jobs(_ blocks: [RowBlock]) -> [RowGroupJob] {
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
                jobs.append(RowGroupJob(blocks: group, frame: pipeline.takeFrame()))
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
