import Glibc
import SpillwayTestSupport

/// Which calls fail, and how.
package struct SimulatedFaults: Sendable {
    /// No block and no name is left: calls that need one fail with ENOSPC, a write perhaps after a part of it.
    package var diskIsFull = false
    /// The process can open no more files: EMFILE.
    package var filesAreUsedUp = false
    /// How many in 10 000 calls fail with EIO, syncs apart.
    package var failuresPer10000 = 0
    /// How many in 10 000 syncs of files and directories fail with EIO.
    package var syncFailuresPer10000 = 0
    /// Calls that fail, by their number as ``SimulatedMachine/callCount`` counts them, with `errno`.
    package var scheduled: [Int: Int32] = [:]

    /// The call during which all processes die: it does nothing, or a part of its work.
    package var deathAtCall: Int?

    package init() {}

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
        switch demand {
        case .file where filesAreUsedUp, .fileAndSpace where filesAreUsedUp: return EMFILE
        case .space where diskIsFull, .fileAndSpace where diskIsFull: return ENOSPC
        default: return nil
        }
    }
}
