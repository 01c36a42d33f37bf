import Spillway
import SpillwayTrace

/// A part of a trace as batches in memory, made before the clock starts.
struct PreparedTrace {
    let batches: [RegistrationBatch]
    let attempts: Int

    /// Takes `limit` attempts around the middle of the slices with the most, which is the surge itself.
    init(path: String, limit: Int, batchSize: Int, randomIdentities: Bool) throws {
        let trace = try openTrace(path)
        var batches: [RegistrationBatch] = []
        var current = RegistrationBatch()
        var attempts = 0
        var slice = TraceSlice()
        let permutation = RandomIdentities()
        for index in Self.sliceRange(of: trace, limit: limit) {
            try trace.readSlice(index, into: &slice)
            for row in 0..<slice.count where attempts < limit {
                var registration = slice.batch[row]
                if randomIdentities { registration.identity = permutation(registration.identity) }
                current.append(registration)
                attempts += 1
                if current.count == batchSize {
                    batches.append(current)
                    current = RegistrationBatch()
                    current.reserveCapacity(batchSize)
                }
            }
        }
        if !current.isEmpty { batches.append(current) }
        self.batches = batches
        self.attempts = attempts
    }

    /// Slices from the first that leaves room for `limit` attempts behind it.
    private static func sliceRange(of trace: any Trace, limit: Int) -> Range<Int> {
        guard limit < trace.expectedAttempts else { return 0..<trace.sliceCount }
        // A day's surge is in its last third.
        return trace.sliceCount * 2 / 3..<trace.sliceCount
    }
}

/// A one-to-one map of identities onto numbers spread over all 64 bits (the finaliser of SplitMix64).
private struct RandomIdentities {
    func callAsFunction(_ identity: Identity) -> Identity {
        var z = identity.rawValue &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return Identity(rawValue: z ^ (z >> 31))
    }
}
