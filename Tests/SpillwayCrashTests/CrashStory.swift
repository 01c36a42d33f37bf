import Foundation
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport

/// The life of one store: a trace is replayed into it in pieces, most of which end in a kill, until all of it is
/// there.
struct CrashStory {
    private let setup: CrashSetup
    private let path: String
    private let reference: StoreCheck.Holding
    private var check: StoreCheck
    private var holding: StoreCheck.Holding
    /// The most attempts that were ever reported durable.
    private var acknowledged = 0
    /// The furthest attempt that any piece was to end with.
    private var sent = 0
    private(set) var isComplete = false
    /// What the last piece was, for a person who looks into a failure.
    private(set) var lastPiece = ""

    /// - Parameter reference: What a run that was never killed left.
    init(_ setup: CrashSetup, path: String, reference: StoreCheck.Holding) {
        self.setup = setup
        self.path = path
        self.reference = reference
        check = StoreCheck(path: path, setup.model)
        holding = check.nothing
    }

    /// Replays the trace without a kill.
    static func reference(_ setup: CrashSetup, path: String) throws -> StoreCheck.Holding {
        var generator = SplitMix64(seed: 0)
        let run = try ReplayRun(arguments(setup, path), goal: setup.model.attempts, killed: .never)
        var check = StoreCheck(path: path, setup.model)
        let holding = try check.check(
            acknowledged: run.durableAttempts ?? 0, sent: setup.model.attempts, &generator)
        try demand(
            holding.position == setup.model.attempts && holding.registrations.count == setup.model.accepted.count,
            "a run that was not killed left a store that is not the trace's")
        return holding
    }

    /// Replays a piece, kills it if chance will have it, and checks the store.
    mutating func advance(_ rhythm: inout CrashRhythm, _ tally: inout CrashTally) throws {
        let total = setup.model.attempts
        let goal = min(total, holding.position + rhythm.pieceLength(of: total))
        let moment = rhythm.moment()
        lastPiece = "\(setup.name), attempts \(holding.position) to \(goal), to be killed \(moment)"
        let isRecovering = try Self.hasRemains(path)
        let run = try ReplayRun(
            Self.arguments(setup, path) + ["--resume", "--limit", "\(goal)"], goal: goal, killed: moment)
        sent = max(sent, goal)
        acknowledged = max(acknowledged, run.durableAttempts ?? 0)
        let before = holding
        holding = try check.check(acknowledged: acknowledged, sent: sent, &rhythm.generator)
        try demand(
            holding.position >= before.position && holding.position <= goal,
            "a replay from \(before.position) to \(goal) left the store at \(holding.position)")
        // Not all of it was acknowledged, but somebody may have seen it.
        try demand(before.registrations.isSubset(of: holding.registrations), "what a look at the store saw is gone")
        rhythm.learn(from: run)
        if let report = run.report {
            try checkEnd(report, from: before, goal: goal)
        } else {
            try tally.count(run, recovering: isRecovering, goal: goal, store: path)
            if rhythm.chance(of: 8), holding.registrations.count > 0 {
                try check.checkCommands(holding, &rhythm.generator)
            }
            // Otherwise the next piece recovers the store, and may be killed while it does.
            if rhythm.chance(of: 3), holding.position > 0 { try check.reopen(holding) }
        }
    }

    private mutating func checkEnd(_ report: ReplayRun.Report, from before: StoreCheck.Holding, goal: Int) throws {
        try demand(holding.position == goal, "a replay to \(goal) ended at \(holding.position)")
        try demand(
            report.attempts == goal - before.position && report.refused == 0
                && report.accepted == holding.registrations.count - before.registrations.count,
            "a replay from \(before.position) to \(goal) reported \(report)")
        guard goal == setup.model.attempts else { return }
        // Every row of both was held against the trace: what is equal to that is equal. Nothing is taken on trust
        // from earlier checks.
        var generator = SplitMix64(seed: 0)
        var fresh = StoreCheck(path: path, setup.model)
        try demand(
            try fresh.check(acknowledged: goal, sent: sent, &generator) == reference,
            "the store is not what a run without kills leaves")
        isComplete = true
    }

    private static func arguments(_ setup: CrashSetup, _ path: String) -> [String] {
        ["replay", setup.trace, "--store", path, "--progress", "json", "--format", "json"] + setup.flags
    }

    /// Whether the store is as a kill may leave it.
    private static func hasRemains(_ path: String) throws -> Bool {
        try CrashTally.names(in: StoreLayout(root: path).open).isEmpty == false
            || CrashTally.names(in: StoreLayout(root: path).journal).isEmpty == false
    }
}
