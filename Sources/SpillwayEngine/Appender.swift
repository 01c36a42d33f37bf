import SpillwayModel
import SpillwayStore

/// Writes epochs to the store in order, syncs, and only then lets them be answered. Runs on a thread of its own.
final class Appender {
    private let store: Store
    private let pipeline: CommitPipeline
    private let intake: Intake
    private let ledger: CommitLedger
    private let configuration: EngineConfiguration

    init(
        store: Store, pipeline: CommitPipeline, intake: Intake, ledger: CommitLedger,
        configuration: EngineConfiguration
    ) {
        self.store = store
        self.pipeline = pipeline
        self.intake = intake
        self.ledger = ledger
        self.configuration = configuration
    }

    /// Works until the pipeline is closed and empty, or until the first failure, after which nothing is written.
    func run() {
        while let epoch = pipeline.nextEpoch() {
            do throws(StoreError) {
                try append(epoch)
                ledger.commit(epoch.mark.number)
                configuration.onCommit?(
                    EngineCommit(durableAttempts: epoch.mark.position.attempts, rowCount: epoch.rowCount))
                try sealIfDue(epoch)
            } catch {
                // A failed sync leaves unknown what is on the device: it is never tried again.
                intake.fail(.store(error))
                ledger.fail(.store(error))
                return
            }
            pipeline.recycle(epoch)
            intake.epochCommitted()
        }
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
    private func sealIfDue(_ epoch: Epoch) throws(StoreError) {
        if case .rowGroups = epoch.content {
            try store.recycleJournal()
        }
        if epoch.seals || store.openSegmentByteCount >= UInt64(configuration.segmentBytes)
            || store.openSegmentAgeMs >= configuration.segmentAgeMs
        {
            try store.seal()
        }
    }
}
