import SpillwayEngine
import SpillwayModel
import SpillwayTestSupport

/// What kind of run a seed makes: how large things are, and how often what happens.
struct SimulationPlan {
    enum Action: CaseIterable {
        case submit, submitStream, sendAgain, poll
        case cut, encode, append, work
        case wait, jumpClock
        case view, hold, compact, vacuum, erase
        case fillDisk, useUpFiles, failSyncs, failCalls, clearFaults
        case dieAtCall, kill, losePower, close
    }

    let stepCount: Int
    let identityCount: Int
    /// Whether there are more identities than the engine has memory for.
    let isCrowded: Bool
    let batchLimit: Int
    private let weights: [(action: Action, weight: Int)]
    private let totalWeight: Int

    init(_ random: inout SplitMix64) {
        stepCount = Int.random(in: 40...130, using: &random)
        isCrowded = Int.random(in: 0..<64, using: &random) == 0
        identityCount = isCrowded ? Self.crowdSize : 1 << Int.random(in: 4...9, using: &random)
        batchLimit = isCrowded ? 300 : 16
        // What is rare belongs to some seeds only, so that the others get far without.
        var weights: [(Action, Int)] = []
        for action in Action.allCases {
            let weight = Self.weight(of: action)
            let isRare = weight <= 2
            weights.append((action, isRare && Bool.random(using: &random) ? 0 : weight))
        }
        self.weights = weights
        totalWeight = weights.reduce(0) { $0 + $1.1 }
    }

    /// A table of 4096 slots, the smallest, takes no new key once three quarters of it are in use.
    static let leastKnownWhenFull = 3000
    private static let crowdSize = 4096
    private static let leastIndexBytes = 1 << 16

    private static func weight(of action: Action) -> Int {
        switch action {
        case .submit, .submitStream: 14
        case .sendAgain: 3
        case .poll: 6
        case .cut, .encode, .append: 4
        case .work: 30
        case .wait: 6
        case .view, .compact: 4
        case .clearFaults: 6
        case .hold, .vacuum, .erase: 2
        case .fillDisk, .useUpFiles, .failSyncs, .dieAtCall, .kill, .losePower: 2
        case .jumpClock, .failCalls, .close: 1
        }
    }

    func action(_ random: inout SplitMix64) -> Action {
        var rest = Int.random(in: 0..<totalWeight, using: &random)
        for (action, weight) in weights {
            if rest < weight { return action }
            rest -= weight
        }
        return .poll
    }

    /// Tiny in everything, and different each time that the store is opened.
    func configuration(_ random: inout SplitMix64) -> EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.shardCount = isCrowded ? 1 : 1 << Int.random(in: 0...2, using: &random)
        configuration.memoryLimitBytes = 1 << 30
        configuration.indexBytes = isCrowded ? Self.leastIndexBytes : configuration.shardCount << 17
        configuration.encoderCount = 1
        configuration.rowGroupRows = Int.random(in: 4...40, using: &random)
        configuration.pageRows = Int.random(in: 1...40, using: &random)
        configuration.largeEpochRows = Int.random(in: 2...24, using: &random)
        configuration.settlementPieceBytes = Int.random(in: 100...1000, using: &random)
        configuration.journalReserveBytes = Bool.random(using: &random) ? 0 : Int.random(in: 100...2000, using: &random)
        // Few buffers make producers wait.
        if Bool.random(using: &random) {
            configuration.bufferedRows = batchLimit + Int.random(in: 0...40, using: &random)
        }
        configuration.segmentBytes = 1 << Int.random(in: 9...13, using: &random)
        configuration.segmentAgeMs = Int64.random(in: 1...500, using: &random)
        configuration.maximumCommitDelayUs = Bool.random(using: &random) ? 0 : 1000
        switch Int.random(in: 0..<12, using: &random) {
        case 0: configuration.durability = .written
        case 1: configuration.durability = .memory
        default: configuration.durability = .synced
        }
        return configuration
    }
}
