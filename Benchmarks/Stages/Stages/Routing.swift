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

    func run() { permutation.apply(to: identities, into: &keys) }
}

/// Looking for attempts that cannot be taken, in batches that have none.
final class Checking: StageWork {
    private let batches: [RegistrationBatch]
    private let check = AttemptCheck(acceptedTimes: BatchRoute.engineAcceptedTimes)
    let unitCount: Int

    init(rows: Int) {
        batches = SurgeBatch.batches(rows: rows, .e164)
        unitCount = rows
    }

    func run() throws {
        for batch in batches {
            guard check.passesAll(of: batch) else { throw StageError(description: "a sound batch was refused") }
        }
    }
}

/// What comes before any lock: permuting, checking, and moving rows to the others of their shard.
final class Routing: StageWork {
    private let batches: [RegistrationBatch]
    private var route = BatchRoute()
    let unitCount: Int

    init(rows: Int) {
        batches = SurgeBatch.batches(rows: rows, .e164)
        unitCount = rows
    }

    func run() {
        for batch in batches { route.fill(from: batch, shardBits: BatchRoute.engineShardBits) }
    }
}

extension BatchRoute {
    /// By as many shards as an engine has unless told otherwise.
    static let engineShardBits = EngineConfiguration().shardCount.trailingZeroBitCount
    static let engineAcceptedTimes = EngineConfiguration().acceptedTimes

    init(_ batch: RegistrationBatch, shardBits: Int) {
        self.init()
        fill(from: batch, shardBits: shardBits)
    }

    /// As the engine does.
    mutating func fill(from batch: RegistrationBatch, shardBits: Int) {
        var outcomes = [OutcomeCode](repeating: .accepted, count: batch.count)
        fill(
            from: batch, permutation: .fixed, shardBits: shardBits,
            acceptedTimes: Self.engineAcceptedTimes, outcomes: &outcomes)
    }
}

extension IdentityPermutation {
    /// With a key that every run has.
    static let fixed = IdentityPermutation(key: [
        0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb, 0xd6e8_feb8_6659_fd93,
        0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db, 0x8ebc_6af0_9c88_c6e3, 0x5899_65cc_7537_4cc3,
    ])
}
