import SpillwayModel

/// Rows that journals hold and no segment does yet, in batches: whoever takes a view shares them.
struct JournaledBatches: Sendable {
    private(set) var batches: [RegistrationBatch] = []
    /// What the records tally beside them.
    private(set) var outcomes = JournaledOutcomes()
    /// Of each epoch, oldest first, how many of the rows are its own.
    private var epochs: [(number: UInt64, rowCount: Int)] = []

    /// Rows that are gathered in a batch: what is copied if a view has the batch when more come, some 100 KiB.
    private static let batchRows = 4_096

    init() {}

    /// What a view has found, all of it as of its last epoch.
    init(_ rows: RegistrationBatch, _ outcomes: JournaledOutcomes, epoch: UInt64) {
        append(rows, epoch: epoch)
        self.outcomes = outcomes
    }

    /// - Precondition: `epoch` is above those before it.
    mutating func append(_ rows: RegistrationBatch, _ outcomes: RecordedOutcomes, epoch: UInt64) {
        append(rows, epoch: epoch)
        self.outcomes.add(outcomes, epoch: epoch)
    }

    private mutating func append(_ rows: RegistrationBatch, epoch: UInt64) {
        precondition(epochs.last.map { $0.number < epoch } ?? true)
        if rows.isEmpty { return }
        epochs.append((epoch, rows.count))
        if let last = batches.last, last.count + rows.count <= Self.batchRows {
            batches[batches.count - 1].append(contentsOf: rows)
        } else {
            batches.append(rows)
        }
    }

    /// Leaves out all epochs up to `epoch`: a segment has them.
    ///
    /// - Complexity: O(epochs), and a batch is copied if they end within it.
    mutating func removeEpochs(upTo epoch: UInt64) {
        outcomes.removeEpochs(upTo: epoch)
        let superseded = epochs.firstIndex { $0.number > epoch } ?? epochs.count
        var rowCount = epochs[..<superseded].reduce(0) { $0 + $1.rowCount }
        epochs.removeFirst(superseded)
        let whole = batches.firstIndex { batch in
            if batch.count > rowCount { return true }
            rowCount -= batch.count
            return false
        }
        batches.removeFirst(whole ?? batches.count)
        if rowCount > 0 { batches[0] = batches[0][rowCount..<batches[0].count] }
    }
}
