import SpillwayModel
import SpillwayStore

/// Writes epochs to the store in order, syncs, and only then lets them be answered. Used by one thread.
///
/// Settlements are written between epochs, a piece at a time: nobody waits for them.
///
/// A full disk is waited out: what did not fit is kept and tried again, whoever waits for it is told so meanwhile, and
/// nothing new is taken. Any other failure, a failed sync above all, is final.
final class Appender {
    private let store: Store
    private let pipeline: CommitPipeline
    private let intake: Intake
    private let ledger: CommitLedger
    private let configuration: EngineConfiguration
    private var lap: StageLap
    /// Makes and deletes journals' files meanwhile; nil where this thread does.
    private let keeper: JournalKeeper?
    /// Told when a segment has entered the table.
    private let onSeal: @Sendable () -> Void
    /// Something could not be written yet.
    private var isStalled = false
    private var hasFailed = false
    /// A segment is to be sealed, and could not be yet.
    private var owesSeal = false
    /// There is enough in the journal for the next one's file to be made ahead.
    private var expectsJournal = false

    private static let retryDelayUs: Int64 = 100_000

    init(
        store: Store, pipeline: CommitPipeline, intake: Intake, ledger: CommitLedger,
        configuration: EngineConfiguration, meter: StageMeter?, keeper: JournalKeeper?,
        onSeal: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.pipeline = pipeline
        self.intake = intake
        self.ledger = ledger
        self.configuration = configuration
        lap = StageLap(meter)
        self.keeper = keeper
        self.onSeal = onSeal
    }

    /// Works until the pipeline is closed and empty, or until a failure that is final, after which nothing is
    /// written.
    func run() {
        lap.begin()
        while let work = pipeline.nextWork() {
            write(work)
            if hasFailed { break }
            if isStalled { intake.waitForClosing(timeoutUs: Self.retryDelayUs) }
        }
        finish()
        keeper?.close()
    }

    /// Writes the next epoch, or a piece of a settlement, if it is encoded; false if there is nothing to do.
    func step() -> Bool {
        guard !hasFailed else { return false }
        if let work = pipeline.readyWork() {
            lap.begin()
            write(work)
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
            try recycleJournals(waiting: true)
            try store.seal()
        } catch {
            fail(error)
        }
    }

    private func write(_ work: AppenderWork) {
        // A failure elsewhere in the engine.
        hasFailed = hasFailed || intake.failure != nil
        guard !hasFailed else { return }
        lap.end(.handOff)
        let isDone: Bool
        do throws(StoreError) {
            switch work {
            case .epoch(let epoch):
                try append(epoch)
                isDone = true
            case .settlement(let settlement): isDone = try append(settlement)
            }
        } catch {
            guard error.isTransient, !intake.isClosing else { return fail(error) }
            isStalled = true
            intake.stall(.store(error))
            ledger.stall(.store(error))
            return
        }
        if isStalled {
            isStalled = false
            intake.resume()
            ledger.resume()
        }
        guard isDone else { return }
        switch work {
        case .epoch(let epoch): finish(epoch)
        case .settlement: sealIfDue(hasRowGroups: true)
        }
        pipeline.finish(work)
        if case .epoch = work { intake.epochCommitted() }
    }

    private func finish(_ epoch: Epoch) {
        // Whoever has an answer finds its registrations in every view from then on.
        store.publish()
        ledger.commit(epoch.mark.number)
        configuration.onCommit?(
            EngineCommit(durableAttempts: epoch.mark.position.attempts, rowCount: epoch.rowCount))
        if !epoch.settlement.isEmpty { store.rotateJournal() }
        sealIfDue(hasRowGroups: epoch.hasRowGroups, sealing: epoch.seals ? epoch.mark.number : nil)
        renewJournal()
    }

    /// False if there is more of it to do. The journal has its rows, so nothing is promised of it but by recycling that.
    private func append(_ settlement: Settlement) throws(StoreError) -> Bool {
        defer { lap.end(.settle) }
        let frames = settlement.jobs.map(\.frame)
        guard try store.writeAhead(rowGroup: frames[0], byteCount: configuration.settlementPieceBytes) else {
            return false
        }
        try store.append(rowGroups: frames, epoch: settlement.mark)
        store.publish()
        return true
    }

    private func append(_ epoch: Epoch) throws(StoreError) {
        switch epoch.content {
        case .none: return
        case .journalRecord(let frame):
            try beginJournal()
            try store.append(journalRecord: frame, epoch: epoch.mark)
        case .rowGroups(let jobs): try store.append(rowGroups: jobs.map(\.frame), epoch: epoch.mark)
        }
        lap.end(.write)
        // Of others no more than that is promised.
        guard configuration.durability == .synced else { return }
        try store.sync()
        lap.end(.sync)
    }

    /// Has the journal go on in another file before the bytes that this one was given are used up, if the other is ready.
    private func renewJournal() {
        let reserveBytes = configuration.journalReserveBytes
        guard reserveBytes > 0, let byteCount = store.journalByteCount else { return }
        if byteCount >= reserveBytes / 4 {
            expectsJournal = true
            keeper?.prepareReserve()
        }
        if byteCount >= reserveBytes / 16 * 15, keeper?.hasReserve ?? true { store.rotateJournal() }
    }

    /// In a file that was made ahead, if there is one: otherwise the journal makes its own.
    private func beginJournal() throws(StoreError) {
        guard expectsJournal, store.journalByteCount == nil else { return }
        guard let keeper else {
            return store.beginJournal(in: try store.makeReserve(configuration.journalReserveBytes))
        }
        if let reserve = keeper.takeReserve() { store.beginJournal(in: reserve) }
    }

    /// After the answer: what is left of an epoch's work keeps nobody waiting.
    ///
    /// - Parameter epoch: the epoch that is sealed, whatever the segment's size, if one is.
    private func sealIfDue(hasRowGroups: Bool, sealing epoch: UInt64? = nil) {
        lap.end(.handOff)
        defer { lap.end(.seal) }
        do throws(StoreError) {
            // With this epoch the rows that waited in the journal have become row groups.
            if let epoch { try store.replaceEarlierJournals(epoch: epoch) }
            if epoch != nil || hasRowGroups { try recycleJournals(waiting: epoch != nil) }
            owesSeal =
                owesSeal || epoch != nil || store.openSegmentByteCount >= UInt64(configuration.segmentBytes)
                || store.openSegmentAgeMs >= configuration.segmentAgeMs
            guard owesSeal else { return }
            try store.seal()
            owesSeal = false
            if let epoch { intake.sealed(epoch) }
            onSeal()
        } catch {
            intake.sealFailed(.store(error))
            // A full disk: all is durable where it is, and the next epoch tries again.
            if !error.isTransient { fail(error) }
        }
    }

    /// - Parameter waiting: until they are gone: whoever asks for a seal counts on that.
    private func recycleJournals(waiting: Bool) throws(StoreError) {
        guard let keeper else { return try store.recycleJournal() }
        keeper.sweep(try store.takeSupersededJournals())
        if waiting { try keeper.finish() }
    }

    private func fail(_ error: StoreError) {
        hasFailed = true
        intake.fail(.store(error))
        ledger.fail(.store(error))
    }
}
