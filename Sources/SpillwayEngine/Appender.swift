import SpillwayModel
import SpillwayStore

/// Writes epochs to the store in order, syncs, and only then lets them be answered. Used by one thread.
///
/// A full disk is waited out: the epoch is kept and tried again, whoever waits for it is told so meanwhile, and
/// nothing new is taken. Any other failure, a failed sync above all, is final.
final class Appender {
    private let store: Store
    private let pipeline: CommitPipeline
    private let intake: Intake
    private let ledger: CommitLedger
    private let configuration: EngineConfiguration
    /// Told when a segment has entered the table.
    private let onSeal: @Sendable () -> Void
    /// The epoch that could not be written yet.
    private var held: Epoch?
    private var hasFailed = false
    /// A segment is to be sealed, and could not be yet.
    private var owesSeal = false

    private static let retryDelayUs: Int64 = 100_000

    init(
        store: Store, pipeline: CommitPipeline, intake: Intake, ledger: CommitLedger,
        configuration: EngineConfiguration, onSeal: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.pipeline = pipeline
        self.intake = intake
        self.ledger = ledger
        self.configuration = configuration
        self.onSeal = onSeal
    }

    /// Works until the pipeline is closed and empty, or until a failure that is final, after which nothing is
    /// written.
    func run() {
        while let epoch = held ?? pipeline.nextEpoch() {
            write(epoch)
            if hasFailed { return }
            if held != nil { intake.waitForClosing(timeoutUs: Self.retryDelayUs) }
        }
        finish()
    }

    /// Writes the next epoch if it is encoded; false if there is nothing to do.
    func step() -> Bool {
        guard !hasFailed else { return false }
        if let epoch = held ?? pipeline.readyEpoch() {
            write(epoch)
            return true
        }
        guard owesSeal, pipeline.isDrained else { return false }
        finish()
        return true
    }

    /// What could not be sealed when it was due has its last chance.
    private func finish() {
        guard owesSeal, intake.failure == nil else { return }
        owesSeal = false
        do throws(StoreError) {
            try store.recycleJournal()
            try store.seal()
        } catch {
            fail(error)
        }
    }

    private func write(_ epoch: Epoch) {
        // A failure elsewhere in the engine.
        hasFailed = hasFailed || intake.failure != nil
        guard !hasFailed else { return }
        do throws(StoreError) {
            try append(epoch)
        } catch {
            guard error.isTransient, !intake.isClosing else { return fail(error) }
            held = epoch
            intake.stall(.store(error))
            ledger.stall(.store(error))
            return
        }
        if held != nil { intake.resume() }
        held = nil
        ledger.commit(epoch.mark.number)
        configuration.onCommit?(
            EngineCommit(durableAttempts: epoch.mark.position.attempts, rowCount: epoch.rowCount))
        sealIfDue(epoch)
        pipeline.recycle(epoch)
        intake.epochCommitted()
    }

    private func append(_ epoch: Epoch) throws(StoreError) {
        switch epoch.content {
        case .none: break
        case .journalRecord(let frame):
            try store.append(journalRecord: frame, epoch: epoch.mark)
            try syncIfPromised()
        case .rowGroups(let jobs):
            try store.append(rowGroups: jobs.map(\.frame), epoch: epoch.mark)
            try syncIfPromised()
        }
    }

    private func syncIfPromised() throws(StoreError) {
        if configuration.durability == .synced { try store.sync() }
    }

    /// After the answer: what is left of an epoch's work keeps nobody waiting.
    private func sealIfDue(_ epoch: Epoch) {
        do throws(StoreError) {
            // With this epoch the rows that waited in the journal have become row groups.
            if epoch.seals { try store.replaceEarlierJournals(epoch: epoch.mark.number) }
            if epoch.seals || epoch.hasRowGroups { try store.recycleJournal() }
            owesSeal =
                owesSeal || epoch.seals || store.openSegmentByteCount >= UInt64(configuration.segmentBytes)
                || store.openSegmentAgeMs >= configuration.segmentAgeMs
            guard owesSeal else { return }
            try store.seal()
            owesSeal = false
            if epoch.seals { intake.sealed(epoch.mark.number) }
            onSeal()
        } catch {
            intake.sealFailed(.store(error))
            // A full disk: all is durable where it is, and the next epoch tries again.
            if !error.isTransient { fail(error) }
        }
    }

    private func fail(_ error: StoreError) {
        hasFailed = true
        intake.fail(.store(error))
        ledger.fail(.store(error))
    }
}
