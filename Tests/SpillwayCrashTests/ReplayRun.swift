import Foundation
import SpillwayPlatform

/// One replay in a child process, killed or left to its end.
struct ReplayRun {
    /// When the child is killed.
    enum Moment {
        /// So long after its start: while it opens the store, and recovers what the kill before left.
        case opening(afterUs: Int64)
        /// So long after it reported its n-th commit.
        case working(commit: Int, afterUs: Int64)
        /// So long after the n-th commit that brought the last attempt that it was sent for. The first still leaves
        /// the journal's rows to be made a row group; after the second it recycles the journal and seals.
        case closing(commits: Int, afterUs: Int64)
        case never
    }

    /// What the child printed at its end.
    struct Report {
        var attempts: Int
        var accepted: Int
        var refused: Int
    }

    /// Attempts last reported durable; nil if none ever were.
    private(set) var durableAttempts: Int?
    private(set) var commits = 0
    /// From the start to the first commit, and from the commit that brought the last attempt to the end.
    private(set) var openingUs: Int64?
    private(set) var closingUs: Int64?
    private(set) var wasKilled = false
    private(set) var report: Report?

    private let goal: Int
    private let startedAtUs = MonotonicClock.nowUs()
    private var reachedGoalAtUs: Int64?
    private var commitsAtGoal = 0

    /// - Parameter goal: The attempt that the replay is to end with.
    init(_ arguments: [String], goal: Int, killed moment: Moment) throws {
        self.goal = goal
        let child = try ChildProcess(arguments)
        switch moment {
        case .opening(let delayUs):
            MonotonicClock.sleep(us: delayUs)
            child.kill()
        case .working(let commit, let delayUs):
            while commits < commit, try read(child) {}
            MonotonicClock.sleep(us: delayUs)
            child.kill()
        case .closing(let count, let delayUs):
            while commitsAtGoal < count, try read(child) {}
            MonotonicClock.sleep(us: delayUs)
            child.kill()
        case .never: break
        }
        while try read(child) {}
        let endedAtUs = MonotonicClock.nowUs()
        let output = child.readOutput()
        switch child.wait() {
        case .killed(SIGKILL): wasKilled = true
        case .exited(0):
            closingUs = reachedGoalAtUs.map { endedAtUs - $0 }
            report = try Report(output)
        case let ending: throw CrashFinding("the replay ended by itself: \(ending)")
        }
    }

    /// Takes in one line of progress; false if there are no more.
    private mutating func read(_ child: ChildProcess) throws -> Bool {
        guard let line = child.nextErrorLine() else { return false }
        let head = #"{"durableAttempts":"#
        guard line.hasPrefix(head), line.hasSuffix("}"), let attempts = Int(line.dropFirst(head.count).dropLast())
        else { throw CrashFinding("the replay said: \(line)") }
        try demand(
            attempts >= durableAttempts ?? 0, "\(attempts) attempts are durable, after \(durableAttempts ?? 0) were")
        let nowUs = MonotonicClock.nowUs()
        openingUs = openingUs ?? nowUs - startedAtUs
        durableAttempts = attempts
        commits += 1
        if attempts >= goal {
            reachedGoalAtUs = reachedGoalAtUs ?? nowUs
            commitsAtGoal += 1
        }
        return true
    }
}

extension ReplayRun.Report {
    init(_ output: String) throws {
        guard let report = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any],
            let attempts = report["attempts"] as? Int, let accepted = report["accepted"] as? Int,
            let refused = report["refused"] as? [String: Int]
        else { throw CrashFinding("the replay reported \(output)") }
        self.init(attempts: attempts, accepted: accepted, refused: refused.values.reduce(0, +))
    }
}
