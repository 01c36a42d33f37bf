import SpillwayPlatform
import SpillwayStore

/// What lies between cutting an epoch and acknowledging it: row groups are encoded by several threads at once,
/// then one appender writes the epochs in their order, so that a crash leaves no hole.
final class CommitPipeline: Sendable {
    private struct State {
        /// Row groups that no encoder has taken yet.
        var waiting: [RowGroupJob] = []
        /// The same, of a settlement that no epoch has to wait for.
        var settling: [RowGroupJob] = []
        var encoded: Set<ObjectIdentifier> = []
        /// Epochs in the order of their numbers.
        var epochs: [Epoch] = []
        /// At most one at a time, from its epoch's push until it is written.
        var settlement: Settlement?
        var isClosed = false
        var memory: EncoderMemory

        init(memory: EncoderMemory) { self.memory = memory }

        var isDrained: Bool { isClosed && epochs.isEmpty && settlement == nil }

        /// Epochs go first, since somebody waits for them; a settlement does when none is ready, or has to follow it.
        var next: AppenderWork? {
            if let head = epochs.first, isReady(head) { return .epoch(head) }
            // Not before its last epoch is written.
            if let settlement, epochs.first.map({ $0.mark.number > settlement.mark.number }) ?? true,
                isEncoded(settlement.jobs)
            {
                return .settlement(settlement)
            }
            return nil
        }

        private func isReady(_ epoch: Epoch) -> Bool {
            if let settlement, settlement.mark.number < epoch.mark.number, epoch.followsSettlement { return false }
            guard case .rowGroups(let jobs) = epoch.content else { return true }
            return isEncoded(jobs)
        }

        /// Written: nothing needs their frames any more.
        mutating func recycle(_ jobs: [RowGroupJob]) {
            for job in jobs {
                encoded.remove(ObjectIdentifier(job))
                memory.giveBack(job.frame)
            }
        }

        private func isEncoded(_ jobs: [RowGroupJob]) -> Bool {
            jobs.allSatisfy { encoded.contains(ObjectIdentifier($0)) }
        }
    }
    private let state: Monitor<State>
    private let pool: RowBlockPool
    private let intake: Intake
    private let meter: StageMeter?

    init(memory: EncoderMemory, pool: RowBlockPool, intake: Intake, meter: StageMeter?) {
        state = Monitor(State(memory: memory))
        self.pool = pool
        self.intake = intake
        self.meter = meter
    }

    // MARK: Committer

    func takeFrame() -> FrameBuffer {
        state.withLock { $0.memory.takeFrame() }
    }

    func push(_ epoch: Epoch) {
        state.withLock(notify: true) { state in
            if case .rowGroups(let jobs) = epoch.content { state.waiting += jobs }
            if !epoch.settlement.isEmpty {
                precondition(state.settlement == nil)
                state.settling += epoch.settlement
                state.settlement = Settlement(mark: epoch.mark, jobs: epoch.settlement)
            }
            if epoch.followsSettlement {
                state.waiting = state.settling + state.waiting
                state.settling = []
            }
            state.epochs.append(epoch)
        }
    }

    /// Whether rows that left the journal's memory are on their way to the segment: no others can follow yet.
    var isSettling: Bool { state.withLock { $0.settlement != nil } }

    /// No epoch comes after those that were pushed.
    func close() {
        state.withLock(notify: true) { $0.isClosed = true }
    }

    // MARK: Encoders

    /// Encodes row groups until the pipeline is closed and empty.
    func encode() {
        let builder = state.withLock { $0.memory.takeBuilder() }
        var lap = StageLap(meter)
        repeat {
            state.wait(until: { !$0.waiting.isEmpty || $0.isClosed }) { _ in }
        } while encodeNext(builder, &lap) || !state.withLock { $0.isClosed && $0.waiting.isEmpty }
    }

    /// For whoever works through the pipeline step by step.
    func makeBuilder() -> RowGroupBuilder { state.withLock { $0.memory.makeBuilder() } }

    /// Encodes settlements until the pipeline is closed and empty. For a thread that gives way to all others, so that
    /// neither producers nor epochs wait for a processor meanwhile.
    func settle() {
        // Those whose memory is there already are for encoders that epochs wait for.
        let builder = makeBuilder()
        var lap = StageLap(meter)
        while let job = state.wait(until: { !$0.settling.isEmpty || $0.isClosed }, { $0.settling.popFirst() }) {
            encode(job, builder, &lap)
        }
    }

    /// Encodes one row group, of an epoch if one waits; false if there is none.
    func encodeNext(_ builder: RowGroupBuilder) -> Bool {
        var lap = StageLap(meter)
        if encodeNext(builder, &lap) { return true }
        guard let job = state.withLock({ $0.settling.popFirst() }) else { return false }
        encode(job, builder, &lap)
        return true
    }

    private func encodeNext(_ builder: RowGroupBuilder, _ lap: inout StageLap) -> Bool {
        guard let job = state.withLock({ $0.waiting.popFirst() }) else { return false }
        encode(job, builder, &lap)
        return true
    }

    private func encode(_ job: RowGroupJob, _ builder: RowGroupBuilder, _ lap: inout StageLap) {
        lap.end(.handOff)
        builder.build(job.blocks, outcomes: job.outcomes, into: job.frame)
        lap.end(.encode)
        pool.giveBack(job.blocks)
        intake.releaseRows(job.rowCount)
        state.withLock(notify: true) { _ = $0.encoded.insert(ObjectIdentifier(job)) }
    }

    // MARK: Appender

    /// What is to be written next, once it is encoded; nil when the pipeline is closed and empty. Stays the next until
    /// it is ``finish(_:)``ed.
    func nextWork() -> AppenderWork? {
        state.wait(until: { $0.next != nil || $0.isDrained }) { $0.next }
    }

    /// The same, if it is encoded already.
    func readyWork() -> AppenderWork? { state.withLock { $0.next } }

    /// Whether nothing is left and nothing will come.
    var isDrained: Bool { state.withLock { $0.isDrained } }

    /// It is written: its frames serve others.
    func finish(_ work: AppenderWork) {
        state.withLock { state in
            switch work {
            case .epoch(let epoch):
                state.epochs.removeFirst()
                switch epoch.content {
                case .none: break
                case .journalRecord(let frame): state.memory.giveBack(frame)
                case .rowGroups(let jobs): state.recycle(jobs)
                }
            case .settlement(let settlement):
                state.settlement = nil
                state.recycle(settlement.jobs)
            }
        }
    }
}

extension Array {
    fileprivate mutating func popFirst() -> Element? { isEmpty ? nil : removeFirst() }
}
