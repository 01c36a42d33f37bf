import SpillwayPlatform
import SpillwayStore

/// Deletes journals that nothing depends on any more, on a thread of its own: giving a file's blocks back can take
/// longer than a sync, and answers would wait for it.
final class JournalSweeper: Sendable {
    private struct State {
        /// The one that is being deleted is among them.
        var paths: [String] = []
        var isClosed = false
        var failure: StoreError?
    }
    private let state = Monitor(State())
    private let system: any System

    init(system: any System) { self.system = system }

    func sweep(_ paths: [String]) {
        state.withLock(notify: true) { $0.paths += paths }
    }

    /// Waits until all are gone.
    ///
    /// - Throws: why some are not; they are tried again.
    func finish() throws(StoreError) {
        let failure = state.wait(until: { $0.paths.isEmpty || $0.failure != nil }, notify: true) { state in
            defer { state.failure = nil }
            return state.failure
        }
        if let failure { throw failure }
    }

    /// Deletes until closed. What fails waits for ``finish()`` to ask for it: nothing is lost meanwhile.
    func run() {
        while let path = next() {
            do throws(StoreError) {
                try system.removeIfPresent(path)
                state.withLock(notify: true) { _ = $0.paths.removeFirst() }
            } catch {
                state.withLock(notify: true) { $0.failure = error }
            }
        }
    }

    private func next() -> String? {
        state.wait(until: { !$0.paths.isEmpty && $0.failure == nil || $0.isClosed }) { state in
            state.isClosed ? nil : state.paths.first
        }
    }

    /// Nothing is deleted from now on but the file that is being deleted.
    func close() {
        state.withLock(notify: true) { $0.isClosed = true }
    }
}
