/// What a run came to. Equal for equal seeds.
package struct SimulationReport: Hashable, Sendable {
    package var seed: UInt64
    package var steps = 0
    package var crashes = 0
    /// Times that the store was opened.
    package var openings = 0
    /// Runs that merged segments, deleted old files, erased persons: those that went through.
    package var compactions = 0
    package var vacuums = 0
    package var erasures = 0
    /// Files that were deleted for their age or as leftovers.
    package var vacuumedFiles = 0
    /// Registrations that were erased.
    package var erasedRegistrations = 0
    /// Erasures that an opening finished.
    package var resumedErasures = 0
    /// Bits that flipped in files of frames.
    package var damages = 0
    /// Batches that waited for room.
    package var waits = 0
    /// Attempts that found no memory.
    package var memoryRefusals = 0
    /// Registrations in the store at the end.
    package var registrations = 0
    /// A digest of every step, every system call, and what became of it.
    package var digest: UInt64 = 0
    /// A digest of all that the disk holds at the end.
    package var diskDigest: UInt64 = 0

    package init(seed: UInt64) { self.seed = seed }

    private static let parts: [(name: String, value: any WritableKeyPath<SimulationReport, Int> & Sendable)] = [
        ("steps", \.steps), ("openings", \.openings), ("crashes", \.crashes), ("compactions", \.compactions),
        ("vacuums", \.vacuums), ("files vacuumed", \.vacuumedFiles), ("erasures", \.erasures),
        ("resumed", \.resumedErasures), ("registrations erased", \.erasedRegistrations), ("waits for room", \.waits),
        ("bits flipped", \.damages), ("refusals for memory", \.memoryRefusals), ("registrations", \.registrations),
    ]

    /// Adds what another run came to. Digests are of one run.
    package mutating func add(_ other: SimulationReport) {
        for part in Self.parts { self[keyPath: part.value] += other[keyPath: part.value] }
    }

    /// All that was counted, in a line.
    package var counts: String {
        Self.parts.map { "\(self[keyPath: $0.value]) \($0.name)" }.joined(separator: ", ")
    }
}

/// A promise that a run found broken.
package struct SimulationFailure: Error, CustomStringConvertible {
    package var seed: UInt64
    package var step: Int
    package var problem: String

    package var description: String { "seed \(seed), step \(step): \(problem)" }
}
