import SpillwayPlatform
import SpillwayStore

/// Merges small segments into full ones on a thread of its own, whenever enough have been sealed.
final class Compactor: Sendable {
    private struct State {
        /// A segment was sealed since the last look.
        var isDue = false
        var isRunning = false
        /// How many want it to keep still.
        var pauses = 0
        var isClosed = false
        var failure: EngineError?

        var mustStop: Bool { isClosed || pauses > 0 }
    }
    private let state = Monitor(State())
    private let thread = Monitor<WorkerThread?>(nil)
    private let contents: StoreContents
    private let onFailedSync: @Sendable (EngineError) -> Void

    /// - Parameters:
    ///   - configuration: as the engine works by it.
    ///   - contents: of the store, which are to show what was merged.
    ///   - onFailedSync: Told of a failed sync, which is final for the whole process.
    init(
        storeAt path: String, _ contents: StoreContents, _ configuration: EngineConfiguration, _ system: any System,
        onFailedSync: @escaping @Sendable (EngineError) -> Void
    ) {
        self.contents = contents
        self.onFailedSync = onFailedSync
        let policy = CompactionPolicy.steady(
            segmentBytes: UInt64(MemoryPlan.compactedBytes(configuration)), rowGroupRows: configuration.rowGroupRows)
        thread.withLock { thread in
            thread = WorkerThread { [self] in
                CurrentThread.lowerPriority()
                run(Compaction(storeAt: path, policy: policy, system: system))
            }
        }
    }

    /// A segment was sealed: there may be enough now.
    func wake() { state.withLock(notify: true) { $0.isDue = true } }

    /// Ends the thread; what it was at is left for another time.
    func close() {
        state.withLock(notify: true) { $0.isClosed = true }
        if let running = thread.withLock({ $0.take() }) { running.join() }
    }

    /// Keeps it from working, once it has stopped, until ``resume()``.
    func pause() {
        state.withLock(notify: true) { $0.pauses += 1 }
        state.wait(until: { !$0.isRunning }) { _ in }
    }

    func resume() { state.withLock(notify: true) { $0.pauses -= 1 } }

    /// Why it has given up, if it has: what it would merge is damaged, or a sync has failed.
    var failure: EngineError? { state.withLock { $0.failure } }

    private func run(_ compaction: Compaction) {
        while begin() {
            var failure: StoreError?
            do throws(StoreError) {
                let report = try compaction.run(shouldStop: { state.withLock { $0.mustStop } })
                // Failing that, views have the segments that were merged: these stay until they are vacuumed.
                if report.segmentsAfter > 0 { try? contents.refresh() }
            } catch {
                failure = error
            }
            end(failure)
        }
    }

    /// Waits until there is something to look for; false if it is closed.
    private func begin() -> Bool {
        state.wait(until: { $0.isClosed || ($0.isDue && $0.pauses == 0) }) { state in
            state.isDue = false
            state.isRunning = !state.isClosed
            return state.isRunning
        }
    }

    private func end(_ failure: StoreError?) {
        state.withLock(notify: true) { state in
            state.isRunning = false
            // Stopped for a while, or kept from it by another process or a full disk: there is another seal to come.
            if state.pauses > 0 { state.isDue = true }
            guard let failure, !failure.passes else { return }
            state.failure = .store(failure)
            state.isClosed = true
        }
        if let failure, failure.isFailedSync { onFailedSync(.store(failure)) }
    }
}

extension StoreError {
    /// Whether the same may succeed later.
    fileprivate var passes: Bool {
        if case .underMaintenance = self { true } else { isTransient }
    }
}
