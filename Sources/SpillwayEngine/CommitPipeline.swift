import SpillwayPlatform
import SpillwayStore

/// What lies between cutting an epoch and acknowledging it: row groups are encoded by several threads at once,
/// then one appender writes the epochs in their order, so that a crash leaves no hole.
final class CommitPipeline: Sendable {
    private struct State {
        /// Row groups that no encoder has taken yet.
        var waiting: [RowGroupJob] = []
        var encoded: Set<ObjectIdentifier> = []
        /// Epochs in the order of their numbers.
        var epochs: [Epoch] = []
        var isClosed = false
        var frames: [FrameBuffer] = []

        var headIsReady: Bool {
            guard let head = epochs.first else { return isClosed }
            guard case .rowGroups(let jobs) = head.content else { return true }
            return jobs.allSatisfy { encoded.contains(ObjectIdentifier($0)) }
        }

        mutating func takeHead() -> Epoch? { epochs.isEmpty ? nil : epochs.removeFirst() }
    }
    private let state = Monitor(State())
    private let pool: RowBlockPool
    private let intake: Intake

    init(pool: RowBlockPool, intake: Intake) {
        self.pool = pool
        self.intake = intake
    }

    // MARK: Committer

    func takeFrame() -> FrameBuffer {
        state.withLock { $0.frames.popLast() } ?? FrameBuffer()
    }

    func push(_ epoch: Epoch) {
        state.withLock(notify: true) { state in
            if case .rowGroups(let jobs) = epoch.content { state.waiting += jobs }
            state.epochs.append(epoch)
        }
    }

    /// No epoch comes after those that were pushed.
    func close() {
        state.withLock(notify: true) { $0.isClosed = true }
    }

    // MARK: Encoders

    /// Encodes row groups until the pipeline is closed and empty.
    func encode() {
        let builder = RowGroupBuilder()
        repeat {
            state.wait(until: { !$0.waiting.isEmpty || $0.isClosed }) { _ in }
        } while encodeNext(builder) || !state.withLock { $0.isClosed && $0.waiting.isEmpty }
    }

    /// Encodes one row group; false if none waits.
    func encodeNext(_ builder: RowGroupBuilder) -> Bool {
        let job = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
        guard let job else { return false }
        builder.build(job.blocks, into: job.frame)
        pool.giveBack(job.blocks)
        intake.releaseRows(job.rowCount)
        state.withLock(notify: true) { _ = $0.encoded.insert(ObjectIdentifier(job)) }
        return true
    }

    // MARK: Appender

    /// The next epoch, once it is encoded; nil when the pipeline is closed and empty.
    func nextEpoch() -> Epoch? {
        state.wait(until: { $0.headIsReady }) { state in state.takeHead() }
    }

    /// The next epoch, if it is encoded already.
    func readyEpoch() -> Epoch? {
        state.withLock { state in state.headIsReady ? state.takeHead() : nil }
    }

    /// Whether nothing is left and nothing will come.
    var isDrained: Bool { state.withLock { $0.isClosed && $0.epochs.isEmpty } }

    /// The epoch is written: its frames serve others.
    func recycle(_ epoch: Epoch) {
        state.withLock { state in
            switch epoch.content {
            case .none: break
            case .journalRecord(let frame): state.frames.append(frame)
            case .rowGroups(let jobs):
                for job in jobs {
                    state.encoded.remove(ObjectIdentifier(job))
                    state.frames.append(job.frame)
                }
            }
        }
    }
}
