/// What the journal's records tally of epochs that no segment has: each record of those since the one before it, or anew
/// of some before that too.
package struct JournaledOutcomes: Sendable {
    private struct Entry {
        var epoch: UInt64
        var tally: OutcomeTally
    }
    /// Ascending by epoch.
    private var entries: [Entry] = []

    /// Adds what a record tallies of the epochs after `since`, in the place of what is known of them.
    ///
    /// - Precondition: `epoch` is above those before it.
    mutating func add(_ outcomes: RecordedOutcomes, epoch: UInt64) {
        while let last = entries.last, last.epoch > outcomes.since { entries.removeLast() }
        if !outcomes.tally.isEmpty { entries.append(Entry(epoch: epoch, tally: outcomes.tally)) }
    }

    /// Leaves out those of epochs up to `epoch`: a segment has them.
    mutating func removeEpochs(upTo epoch: UInt64) {
        entries.removeFirst(entries.firstIndex { $0.epoch > epoch } ?? entries.count)
    }

    /// - Complexity: O(cells)
    package var total: OutcomeTally {
        var total = OutcomeTally()
        for entry in entries { total += entry.tally }
        return total
    }

    package var isEmpty: Bool { entries.isEmpty }
}

/// The tally of a journal's record.
package struct RecordedOutcomes: Hashable, Sendable {
    /// The last epoch before those that it is of.
    package var since: UInt64
    package var tally: OutcomeTally

    package init(since: UInt64, _ tally: OutcomeTally) {
        self.since = since
        self.tally = tally
    }

    package static let none = RecordedOutcomes(since: .max, OutcomeTally())
}
