import Glibc
import SpillwayTestSupport

/// Which calls fail, and how.
package struct SimulatedFaults: Sendable {
    /// No block and no name is left: calls that need one fail with ENOSPC, a write perhaps after a part of it.
    package var diskIsFull = false
    /// The call from whose number on the disk is full.
    package var diskIsFullFromCall = Int.max
    /// The process can open no more files: EMFILE.
    package var filesAreUsedUp = false
    /// The call from whose number on the process can open no more files.
    package var filesAreUsedUpFromCall = Int.max
    /// How many in 10 000 calls fail with EIO, syncs apart.
    package var failuresPer10000 = 0
    /// How many in 10 000 syncs of files and directories fail with EIO.
    package var syncFailuresPer10000 = 0
    /// Calls that fail, by their number as ``SimulatedMachine/callCount`` counts them, with `errno`.
    package var scheduled: [Int: Int32] = [:]

    /// The call during which all processes die: it does nothing, or a part of its work.
    package var deathAtCall: Int?

    package init() {}

    package var canFail: Bool {
        diskIsFull || diskIsFullFromCall < .max || filesAreUsedUp || filesAreUsedUpFromCall < .max
            || failuresPer10000 > 0 || syncFailuresPer10000 > 0 || !scheduled.isEmpty || deathAtCall != nil
    }

    /// What a call asks of the system, as far as it matters to how it can fail.
    enum Demand {
        case nothing
        /// A block or a name.
        case space
        /// A descriptor.
        case file
        /// Both.
        case fileAndSpace
        /// That content or names be durable.
        case durability
    }

    /// The reason for which the call fails; nil if it does not.
    func failure(ofCall number: Int, demand: Demand, _ random: inout SplitMix64) -> Int32? {
        if let code = scheduled[number] { return code }
        let rate = demand == .durability ? syncFailuresPer10000 : failuresPer10000
        if rate > 0, Int.random(in: 0..<10000, using: &random) < rate { return EIO }
        let isFull = diskIsFull || number >= diskIsFullFromCall
        let isUsedUp = filesAreUsedUp || number >= filesAreUsedUpFromCall
        switch demand {
        case .file where isUsedUp, .fileAndSpace where isUsedUp: return EMFILE
        case .space where isFull, .fileAndSpace where isFull: return ENOSPC
        default: return nil
        }
    }
}
