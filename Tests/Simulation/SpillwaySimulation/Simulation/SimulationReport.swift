/// What a run came to. Equal for equal seeds.
package struct SimulationReport: Hashable, Sendable {
    package var seed: UInt64
    package var steps = 0
    package var crashes = 0
    /// Times that the store was opened.
    package var openings = 0
    /// Registrations in the store at the end.
    package var registrations = 0
    /// A digest of every step, every system call, and what became of it.
    package var digest: UInt64 = 0

    package init(seed: UInt64) { self.seed = seed }
}

/// A promise that a run found broken.
package struct SimulationFailure: Error, CustomStringConvertible {
    package var seed: UInt64
    package var step: Int
    package var problem: String

    package var description: String { "seed \(seed), step \(step): \(problem)" }
}
