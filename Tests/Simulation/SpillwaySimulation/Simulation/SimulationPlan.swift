import SpillwayEngine
import SpillwayModel
import SpillwayTestSupport

/// What kind of run a seed makes: how large things are, and how often what happens.
struct SimulationPlan {
    enum Action: CaseIterable {
        case submit, submitStream, sendAgain, poll
        case cut, encode, append, work
        case wait, jumpClock
        case view, compact
        case fillDisk, useUpFiles, failSyncs, failCalls, clearFaults
        case dieAtCall, kill, losePower, close
    }

    let stepCount: Int
    let identityCount: Int
    private let weights: [(action: Action, weight: Int)]
    private let totalWeight: Int

    init(_ random: inout SplitMix64) {
        stepCount = Int.random(in: 50...150, using: &random)
        identityCount = 1 << Int.random(in: 4...9, using: &random)
        // Faults of each kind belong to some seeds only, so that the others get far without.
        var weights: [(Action, Int)] = []
        for action in Action.allCases {
            let weight = Self.weight(of: action)
            let isFault = weight <= 2
            weights.append((action, isFault && Bool.random(using: &random) ? 0 : weight))
        }
        self.weights = weights
        totalWeight = weights.reduce(0) { $0 + $1.1 }
    }

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
        configuration.shardCount = 1 << Int.random(in: 0...2, using: &random)
        configuration.memoryLimitBytes = 1 << 30
        configuration.indexBytes = configuration.shardCount << 17
        configuration.encoderCount = 1
        configuration.rowGroupRows = Int.random(in: 4...40, using: &random)
        configuration.largeEpochRows = Int.random(in: 2...24, using: &random)
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
