import SpillwayPlatform

/// Which epochs are committed, and who waits for which.
final class CommitLedger: Sendable {
    private struct State {
        var committed: UInt64
        var failure: EngineError?
        /// Why nothing can be committed for now.
        var stall: EngineError?
        var suspended: [(epoch: UInt64, continuation: CheckedContinuation<EngineError?, Never>)] = []

        /// Whether whoever waits for the epoch is to be told something.
        func isSettled(_ epoch: UInt64) -> Bool { committed >= epoch || failure != nil || stall != nil }

        /// Nil if the epoch is committed.
        func error(for epoch: UInt64) -> EngineError? { committed >= epoch ? nil : failure ?? stall }
    }
    private let state: Monitor<State>

    init(committed: UInt64) { state = Monitor(State(committed: committed)) }

    /// Blocks until the epoch is committed.
    ///
    /// - Throws: why it is not, or not for now.
    func wait(for epoch: UInt64) throws(EngineError) {
        let error = state.wait(until: { $0.isSettled(epoch) }) { $0.error(for: epoch) }
        if let error { throw error }
    }

    /// Suspends until the epoch is committed.
    func waitAsync(for epoch: UInt64) async throws(EngineError) {
        let error = await withCheckedContinuation { (continuation: CheckedContinuation<EngineError?, Never>) in
            let (isSettled, error) = state.withLock { state in
                let isSettled = state.isSettled(epoch)
                if !isSettled { state.suspended.append((epoch, continuation)) }
                return (isSettled, state.error(for: epoch))
            }
            if isSettled { continuation.resume(returning: error) }
        }
        if let error { throw error }
    }

    /// Whether the epoch is committed, without waiting.
    func isCommitted(_ epoch: UInt64) throws(EngineError) -> Bool {
        let (isSettled, error) = state.withLock { ($0.isSettled(epoch), $0.error(for: epoch)) }
        if let error { throw error }
        return isSettled
    }

    func commit(_ epoch: UInt64) {
        let due = state.withLock(notify: true) { state in
            state.committed = epoch
            state.stall = nil
            let due = state.suspended.filter { $0.epoch <= epoch }
            state.suspended.removeAll { $0.epoch <= epoch }
            return due.map(\.continuation)
        }
        for continuation in due { continuation.resume(returning: nil) }
    }

    /// No epoch is committed from now on.
    func fail(_ error: EngineError) {
        tellAll(error) { $0.failure = $0.failure ?? error }
    }

    /// No epoch is committed until the next one is: nobody is kept waiting meanwhile.
    func stall(_ error: EngineError) {
        tellAll(error) { $0.stall = error }
    }

    /// What stalled goes on.
    func resume() {
        state.withLock { $0.stall = nil }
    }

    private func tellAll(_ error: EngineError, _ change: (inout State) -> Void) {
        let due = state.withLock(notify: true) { state in
            change(&state)
            defer { state.suspended = [] }
            return state.suspended.map(\.continuation)
        }
        for continuation in due { continuation.resume(returning: error) }
    }
}
