import SpillwayEngine
import SpillwayModel

/// The keyed map of identities onto keys.
final class Permuting: StageWork {
    private let identities: [Identity]
    private let permutation = IdentityPermutation.fixed
    private var keys: [UInt64]

    init(rows: Int) {
        identities = SurgeBatch.make(rows: rows, .e164).identity
        keys = Array(repeating: 0, count: rows)
    }

    var unitCount: Int { identities.count }

    func run() { Self.permute(identities, permutation, into: &keys) }

    private static func permute(
        _ identities: borrowing [Identity], _ permutation: IdentityPermutation, into keys: inout [UInt64]
    ) {
        let identities = identities.span
        var keys = keys.mutableSpan
        for row in identities.indices { keys[row] = permutation(identities[row]) }
    }
}

/// Checking batches and sorting them by shard.
final class Routing: StageWork {
    private let batches: [RegistrationBatch]
    private var outcomes: [OutcomeCode]
    private var route = BatchRoute()
    let unitCount: Int

    init(rows: Int) {
        batches = SurgeBatch.batches(rows: rows, .e164)
        outcomes = Array(repeating: .accepted, count: SurgeBatch.batchRows)
        unitCount = rows
    }

    func run() {
        for batch in batches { route.fillAsEngine(from: batch, outcomes: &outcomes) }
    }
}

extension BatchRoute {
    /// By as many shards as an engine has unless told otherwise.
    static let shardBits = EngineConfiguration().shardCount.trailingZeroBitCount

    mutating func fillAsEngine(from batch: RegistrationBatch, outcomes: inout [OutcomeCode]) {
        fill(
            from: batch, permutation: .fixed, shardBits: Self.shardBits,
            acceptedTimes: EngineConfiguration().acceptedTimes, outcomes: &outcomes)
    }
}

extension IdentityPermutation {
    /// With a key that every run has.
    static let fixed = IdentityPermutation(key: [
        0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb, 0xd6e8_feb8_6659_fd93,
        0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db, 0x8ebc_6af0_9c88_c6e3, 0x5899_65cc_7537_4cc3,
    ])
}
