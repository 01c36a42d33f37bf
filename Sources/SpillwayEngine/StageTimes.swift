import SpillwayPlatform

/// What the engine's threads and its producers have spent their time on since it was opened.
package struct StageTimes: Hashable, Sendable {
    package enum Stage: Int, CaseIterable, Sendable {
        /// Checking a batch's attempts and sorting them by shard.
        case route
        /// Taking a batch's turn and room for its rows; as elapsed time, waiting for them: back-pressure.
        case admit
        /// Telling new attempts from known ones and keeping the new; in a stream, with waiting for the batch before.
        case judge
        /// Waiting for shards' locks, as far as they were not free.
        case lockWait
        /// Taking the shards' rows and making an epoch of them; writing a small one down for the journal.
        case cut
        /// Ordering, encoding and compressing row groups.
        case encode
        /// Writing epochs.
        case write
        /// Syncing epochs.
        case sync
        /// Writing and syncing, piece by piece, row groups of rows that waited in the journal.
        case settle
        /// Sealing segments and giving up journals, where either was due.
        case seal
        /// What lies between stages: locks, waking others, waiting for work and, in ``Ticket/wait()``, for an answer.
        case handOff
    }

    private var times = [TimeSpent](repeating: TimeSpent(), count: Stage.allCases.count)

    package init() {}

    package subscript(stage: Stage) -> TimeSpent {
        get { times[stage.rawValue] }
        set { times[stage.rawValue] = newValue }
    }

    /// Processor time that went to locks, to waking and to falling asleep, and brought no registration further. What
    /// waking the next one costs whoever lets go of a shard's lock is not in it, but in that one's stage.
    package var handOffProcessorNs: Int64 {
        [.admit, .lockWait, .handOff].reduce(0) { $0 + self[$1].processorNs }
    }

    package var processorNs: Int64 { times.reduce(0) { $0 + $1.processorNs } }
}
