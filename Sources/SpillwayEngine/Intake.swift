import SpillwayPlatform

/// What the committer goes by: how much has gathered, who waits, how much is under way. Shared by producers,
/// committer and the threads behind it.
final class Intake: Sendable {
    struct State {
        /// The number of the epoch that gathers.
        var gatheringEpoch: UInt64
        /// Rows in blocks, and those that batches being judged may add: all that is not yet encoded.
        var bufferedRows: Int
        /// New rows in the gathering epoch.
        var gatheredRows = 0
        /// Rows that are durable in the journal and stay buffered until they make a good row group.
        var journaledRows: Int
        /// Whether the gathering epoch has anything to answer.
        var hasWork = false
        /// When the gathering epoch got its first batch.
        var workSinceUs: Int64 = 0
        /// Somebody waits for the gathering epoch.
        var isAwaited = false
        /// Producers that wait for room.
        var blockedProducers = 0
        /// So does one that asks again later.
        var isRoomAsked = false
        /// Epochs that are cut and not yet committed.
        var epochsInFlight = 0
        /// Batches being judged.
        var activeProducers = 0
        var isClosing = false
        /// Somebody waits until all that is gathered is in the table.
        var isSealAsked = false
        /// The last epoch that is in the table with all before it, as far as somebody asked.
        var sealedEpoch: UInt64 = 0
        /// Why the last seal could not be made.
        var sealFailure: EngineError?
        /// Why nothing can be written at the moment.
        var stall: EngineError?
        var failure: EngineError?

        /// Whether a batch is admitted, or turned away, without waiting.
        func hasRoom(rows: Int, limit: Int) -> Bool {
            bufferedRows + rows <= limit || isClosing || stall != nil || failure != nil
        }

        func isSealSettled(_ epoch: UInt64) -> Bool {
            sealedEpoch >= epoch || sealFailure != nil || stall != nil || failure != nil
        }
    }

    private let state: Monitor<State>
    private let configuration: EngineConfiguration

    /// Epochs under way at once: one being written while the next is encoded, and one more so that neither waits.
    static let maximumEpochsInFlight = 3

    private let system: any System

    init(configuration: EngineConfiguration, system: any System, gatheringEpoch: UInt64, journaledRows: Int) {
        self.configuration = configuration
        self.system = system
        state = Monitor(
            State(gatheringEpoch: gatheringEpoch, bufferedRows: journaledRows, journaledRows: journaledRows))
    }

    // MARK: Producers

    enum Admission { case admitted, closing, stalled(EngineError) }

    /// Waits for room for a batch's rows, then takes it.
    func admit(rows: Int) throws(EngineError) -> Admission {
        let limit = configuration.bufferedRows
        let hasRoom = { (state: borrowing State) in state.hasRoom(rows: rows, limit: limit) }
        let mustWait = state.withLock { state in
            guard !hasRoom(state) else { return false }
            state.blockedProducers += 1
            return true
        }
        if mustWait { state.notify() }
        return try state.wait(until: hasRoom) { (state) throws(EngineError) in
            if mustWait { state.blockedProducers -= 1 }
            if let failure = state.failure { throw failure }
            if state.isClosing { return .closing }
            if let stall = state.stall { return .stalled(stall) }
            state.bufferedRows += rows
            state.activeProducers += 1
            return .admitted
        }
    }

    /// Whether ``admit(rows:)`` would not wait; if it would, room is made as for a producer that does.
    func asksForRoom(rows: Int) -> Bool {
        state.withLock { state in
            let hasRoom = state.hasRoom(rows: rows, limit: configuration.bufferedRows)
            state.isRoomAsked = !hasRoom
            return hasRoom
        }
    }

    /// A batch of `rows` attempts was judged: `accepted` of them are in the gathering epoch.
    func judged(rows: Int, accepted: Int) {
        let mayCommit = state.withLock { state in
            let isFirst = !state.hasWork
            if isFirst {
                state.hasWork = true
                state.workSinceUs = system.monotonicUs()
            }
            state.activeProducers -= 1
            state.bufferedRows -= rows - accepted
            state.gatheredRows += accepted
            return isFirst || state.blockedProducers > 0 || state.isClosing
                || state.gatheredRows >= configuration.rowGroupRows
        }
        if mayCommit { state.notify() }
    }

    /// Somebody waits for an epoch: if it is still gathering, it gathers no longer than it must.
    func urge(_ epoch: UInt64) {
        let isNews = state.withLock { state in
            guard epoch >= state.gatheringEpoch, !state.isAwaited else { return false }
            state.isAwaited = true
            return true
        }
        if isNews { state.notify() }
    }

    /// The same for all that was judged so far.
    ///
    /// - Returns: the last epoch that any of it is in.
    func urgeAll() -> UInt64 {
        state.withLock(notify: true) { state in
            guard state.hasWork else { return state.gatheringEpoch - 1 }
            state.isAwaited = true
            return state.gatheringEpoch
        }
    }

    /// No batch is taken from now on.
    func close() {
        state.withLock(notify: true) { $0.isClosing = true }
    }

    // MARK: Sealing

    /// Asks for all that is gathered to be committed and sealed into the table.
    func askForSeal() {
        state.withLock(notify: true) { state in
            state.isSealAsked = true
            state.sealFailure = nil
        }
    }

    /// Waits until the epoch is in the table, which was asked for.
    func waitForSeal(of epoch: UInt64) throws(EngineError) {
        let error = state.wait(until: { $0.isSealSettled(epoch) }) { state in
            state.sealedEpoch >= epoch ? nil : state.failure ?? state.stall ?? state.sealFailure
        }
        if let error { throw error }
    }

    /// Whether there is nothing to wait for.
    func isSealSettled(_ epoch: UInt64) -> Bool { state.withLock { $0.isSealSettled(epoch) } }

    /// The epoch and all before it are in the table.
    func sealed(_ epoch: UInt64) {
        state.withLock(notify: true) { $0.sealedEpoch = epoch }
    }

    func sealFailed(_ error: EngineError) {
        state.withLock(notify: true) { $0.sealFailure = error }
    }

    // MARK: Committer

    enum Signal {
        /// The gathering epoch is to be committed.
        case commit
        /// Producers wait for room that only rows in the journal hold: these are to become row groups.
        case makeRoom
        /// A deadline of the committer's own has come.
        case timeout
        /// All that there is is to be sealed.
        case seal
        /// Nothing more will come: commit what there is, then stop.
        case close
        case failed
    }

    /// Waits until there is something to do, at the latest until `deadlineUs`.
    func waitForWork(deadlineUs: Int64) -> Signal {
        while true {
            let (signal, wakeUs) = state.withLock { state in
                (self.signal(state, deadlineUs: deadlineUs), self.wakeUs(state, deadlineUs: deadlineUs))
            }
            if let signal { return signal }
            // Work that arrives meanwhile may be due sooner than what is waited for.
            state.wait(
                until: { state in
                    self.signal(state, deadlineUs: deadlineUs) != nil
                        || self.wakeUs(state, deadlineUs: deadlineUs) < wakeUs
                },
                timeoutUs: max(1, wakeUs - system.monotonicUs()))
        }
    }

    /// The same without waiting: nil if there is nothing to do.
    func workAtHand(deadlineUs: Int64) -> Signal? {
        state.withLock { signal($0, deadlineUs: deadlineUs) }
    }

    /// When the committer has to look again though nobody calls it.
    private func wakeUs(_ state: borrowing State, deadlineUs: Int64) -> Int64 {
        state.hasWork && state.epochsInFlight == 0 ? min(lingerEndUs(state), deadlineUs) : deadlineUs
    }

    private func lingerEndUs(_ state: borrowing State) -> Int64 {
        state.workSinceUs + Int64(configuration.maximumCommitDelayUs)
    }

    private func signal(_ state: borrowing State, deadlineUs: Int64) -> Signal? {
        if state.failure != nil { return .failed }
        if state.isClosing, state.activeProducers == 0 { return .close }
        if state.isSealAsked, state.epochsInFlight < Self.maximumEpochsInFlight { return .seal }
        let nowUs = system.monotonicUs()
        let isBlocked = state.blockedProducers > 0 || state.isRoomAsked
        if isBlocked, state.epochsInFlight == 0, state.hasWork || state.journaledRows > 0 { return .makeRoom }
        if state.hasWork, state.epochsInFlight < Self.maximumEpochsInFlight {
            if state.gatheredRows >= configuration.rowGroupRows || isBlocked { return .commit }
            let mayLinger = !state.isAwaited && nowUs < lingerEndUs(state)
            if state.epochsInFlight == 0, !mayLinger { return .commit }
        }
        return nowUs >= deadlineUs ? .timeout : nil
    }

    /// The gathering epoch is about to be cut. A batch that is judged from now on asks for the next one, even if
    /// all its rows still make this one: a commit too many, never one too few.
    func beginCut(seals: Bool) {
        state.withLock { state in
            if seals { state.isSealAsked = false }
            state.gatheringEpoch += 1
            state.hasWork = false
            state.isAwaited = false
            state.epochsInFlight += 1
        }
    }

    /// The epoch was cut, with so many rows. Some may be of batches that are still being judged: then the count of
    /// gathered rows is below zero until they have been. `journaledRows` of this epoch and those before it stay
    /// buffered.
    func endCut(rows: Int, journaledRows: Int) {
        state.withLock { state in
            state.gatheredRows -= rows
            state.journaledRows = journaledRows
        }
    }

    // MARK: Encoders and appender

    /// Rows have left their blocks.
    func releaseRows(_ rows: Int) {
        state.withLock(notify: true) { $0.bufferedRows -= rows }
    }

    func epochCommitted() {
        state.withLock(notify: true) { $0.epochsInFlight -= 1 }
    }

    /// The first failure, if there was one.
    var failure: EngineError? { state.withLock { $0.failure } }

    func fail(_ error: EngineError) {
        state.withLock(notify: true) { $0.failure = $0.failure ?? error }
    }

    /// Nothing can be written for now: no batch is taken until ``resume()``.
    func stall(_ error: EngineError) {
        state.withLock(notify: true) { $0.stall = error }
    }

    func resume() {
        state.withLock { $0.stall = nil }
    }

    /// Waits for `timeoutUs`, or until the engine closes.
    func waitForClosing(timeoutUs: Int64) {
        state.wait(until: { $0.isClosing }, timeoutUs: timeoutUs)
    }

    var isClosing: Bool { state.withLock { $0.isClosing } }
}
