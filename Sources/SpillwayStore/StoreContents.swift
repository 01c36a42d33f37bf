import SpillwayModel
import SpillwayPlatform

/// What an open store holds, kept in memory beside its files: a view of it touches none of them.
///
/// Its writer adds each epoch once that is as durable as was promised; what becomes of sealed segments is taken over
/// from the table's log. Both are shared with views and copied only where they change, so that neither waits for the
/// other.
package final class StoreContents: Sendable {
    private struct State {
        /// The version of the log that ``logged`` is by.
        var version: Int
        /// Segments of the table, by number.
        var logged: [StoredSegment]
        /// Those that are not in the table yet, by number: the last may be open.
        var unlogged: [StoredSegment]
        var journaled = JournaledBatches()
        var lastEpoch: EpochMark
        /// How often the table was changed so that views must see it, and how much of that ``logged`` shows.
        var changes = 0
        var changesSeen = 0

        init(_ view: StoreView) {
            version = view.logState.version
            logged = view.logged
            unlogged = (view.unlogged + view.open).filter { !$0.rowGroups.isEmpty }
            lastEpoch = view.lastEpoch
            journaled = JournaledBatches(view.journaled, view.journaledOutcomes, epoch: lastEpoch.number)
        }

        mutating func append(_ rows: RegistrationBatch, _ outcomes: RecordedOutcomes, _ epoch: EpochMark) {
            journaled.append(rows, outcomes, epoch: epoch.number)
            lastEpoch = epoch
        }

        mutating func append(_ part: StoredSegment) {
            if unlogged.last?.name == part.name {
                unlogged[unlogged.count - 1].append(part)
            } else {
                unlogged.append(part)
            }
            journaled.removeEpochs(upTo: part.lastEpoch.number)
            if lastEpoch.number < part.lastEpoch.number { lastEpoch = part.lastEpoch }
        }
    }
    private let state: Monitor<State>
    private let log: DeltaLog

    /// Begins with what a view has found.
    init(_ view: StoreView, log: DeltaLog) {
        self.log = log
        state = Monitor(State(view))
    }

    /// All that was added so far, every epoch whole.
    ///
    /// - Throws: ``StoreError`` if an erasure has changed the table and the log cannot be read since.
    /// - Complexity: O(1), but for the first view after an erasure.
    package func view() throws(StoreError) -> StoreView {
        if state.withLock({ $0.changesSeen < $0.changes }) { try refresh() }
        return state.withLock { state in
            StoreView(
                path: log.layout.root, logged: state.logged, unlogged: state.unlogged,
                journaled: state.journaled, lastEpoch: state.lastEpoch)
        }
    }

    // MARK: Writer

    /// What an epoch, or a settlement of several, brings.
    enum Addition: Sendable {
        case journaled(RegistrationBatch, RecordedOutcomes, EpochMark)
        /// Row groups that were appended to the open segment, in the place of all that is in the journal up to the
        /// segment's last epoch.
        case rowGroups(StoredSegment)
    }

    /// - Complexity: O(rows in journal records), and a copy of what a view has of the parts that change.
    func add(_ additions: [Addition]) {
        state.withLock { state in
            for addition in additions {
                switch addition {
                case .journaled(let rows, let outcomes, let epoch): state.append(rows, outcomes, epoch)
                case .rowGroups(let part): state.append(part)
                }
            }
        }
    }

    // MARK: Table

    /// Takes over what the log says of the table. Nothing changes if it is known already, or if this fails.
    ///
    /// - Throws: ``StoreError``: a footer cannot be read.
    func adopt(_ table: DeltaLog.State) throws(StoreError) {
        let known = state.withLock { $0.version < table.version ? $0.logged : nil }
        guard let known else { return }
        let byName = Dictionary(known.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        // Not under the lock: views are not to wait for files.
        var logged: [StoredSegment] = []
        for name in try table.liveSegments(layout: log.layout) {
            if let segment = byName[name] { logged.append(segment) } else { logged.append(try read(name)) }
        }
        state.withLock { state in
            guard state.version < table.version else { return }
            state.version = table.version
            state.logged = logged
            // By epoch, as one may have been merged into another since.
            state.unlogged.removeAll { $0.lastEpoch.number <= table.lastEpochNumber }
        }
    }

    private func read(_ name: SegmentName) throws(StoreError) -> StoredSegment {
        try asStoreError(log.layout.sealed(name)) {
            try StoredSegment(sealed: name, layout: log.layout, system: log.system)
        }
    }

    /// Reads the log anew: somebody else may have merged segments, and deleted files.
    package func refresh() throws(StoreError) {
        let changes = state.withLock { $0.changes }
        var attempts = 0
        while true {
            do throws(StoreError) {
                try adopt(log.load())
                break
            } catch {
                // Deleted between two of our steps; the next try finds what is in its place.
                guard error.isDeletedFile, attempts < 100 else { throw error }
                attempts += 1
            }
        }
        state.withLock { $0.changesSeen = max($0.changesSeen, changes) }
    }

    /// Rows have gone from the table: no view that is taken from now on may have them.
    package func requireRefresh() { state.withLock { $0.changes += 1 } }
}
