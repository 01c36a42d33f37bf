import Spillway

/// Identities that an engine knows before it is measured, none of which any trace has.
struct KnownIdentities {
    let count: Int
    let kind: IdentityKind

    private static let batchSize = 64 << 10

    /// Enters them as recovery enters what a store holds: in the index only.
    func enter(into engine: Engine) throws {
        let batches = (count + Self.batchSize - 1) / Self.batchSize
        let (count, kind) = (count, kind)
        try concurrentPerform(batches, threads: Process.processorCount) { index in
            let first = index * Self.batchSize
            let identities = (first..<min(first + Self.batchSize, count)).map { number in
                // Telephone numbers end far below 2⁶³, and `kind` is one-to-one.
                kind(Identity(rawValue: 1 << 63 | UInt64(number)))
            }
            try engine.remember(identities)
        }
    }
}
