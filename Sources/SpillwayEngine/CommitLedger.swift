import SpillwayPlatform

/// Which epochs are committed, and who waits for which.
final class CommitLedger: Sendable {
    private struct State {
        var committed: UInt64
        var failure: EngineError?
        var suspended: [(epoch: UInt64, continuation: CheckedContinuation<EngineError?, Never>)] = []
    }
    private let state: Monitor<State>

    init(committed: UInt64) { state = Monitor(State(committed: committed)) }

    /// Blocks until the epoch is committed.
    func wait(for epoch: UInt64) throws(EngineError) {
        let failure = state.wait(until: { $0.committed >= epoch || $0.failure != nil }) {
            $0.committed >= epoch ? nil : $0.failure
        }
        if let failure { throw failure }
    }

    /// Suspends until the epoch is committed.
    func waitAsync(for epoch: UInt64) async throws(EngineError) {
        let failure = await withCheckedContinuation { (continuation: CheckedContinuation<EngineError?, Never>) in
            let isSettled = state.withLock { state in
                if state.committed >= epoch || state.failure != nil { return true }
                state.suspended.append((epoch, continuation))
                return false
            }
            if isSettled {
                continuation.resume(returning: state.withLock { $0.committed >= epoch ? nil : $0.failure })
            }
        }
        if let failure { throw failure }
    }

    func isCommitted(_ epoch: UInt64) -> Bool {
        state.withLock { $0.committed >= epoch }
    }

    func commit(_ epoch: UInt64) {
        let due = state.withLock(notify: true) { state in
            state.committed = epoch
            let due = state.suspended.filter { $0.epoch <= epoch }
            state.suspended.removeAll { $0.epoch <= epoch }
            return due.map(\.continuation)
        }
        for continuation in due { continuation.resume(returning: nil) }
    }

    /// No epoch is committed from now on.
    func fail(_ error: EngineError) {
        let due = state.withLock(notify: true) { state in
            state.failure = state.failure ?? error
            defer { state.suspended = [] }
            return state.suspended.map(\.continuation)
        }
        for continuation in due { continuation.resume(returning: error) }
    }
}
