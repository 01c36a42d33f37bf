import SpillwayTestSupport

/// Draws what happens next, and learns how long things take here, so that kills fall into all of it.
struct CrashRhythm {
    var generator: SplitMix64
    private var openingUs: Int64 = 200_000
    private var closingUs: Int64 = 50_000
    private var commits = 4

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// One time in `count`.
    mutating func chance(of count: Int) -> Bool { Int.random(in: 0..<count, using: &generator) == 0 }

    mutating func pieceLength(of total: Int) -> Int {
        Int.random(in: max(1, total / 16)...max(1, total / 2), using: &generator)
    }

    mutating func moment() -> ReplayRun.Moment {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<3: .opening(afterUs: .random(in: 0...openingUs * 5 / 4, using: &generator))
        case 3..<6:
            .working(
                commit: .random(in: 1...commits, using: &generator),
                // At once, for what comes right after an answer; or somewhere in the next commit.
                afterUs: chance(of: 2) ? 0 : .random(in: 0...openingUs / 4, using: &generator))
        case 6..<8: .closing(commits: 1, afterUs: .random(in: 0...closingUs, using: &generator))
        case 8: .closing(commits: 2, afterUs: .random(in: 0...closingUs / 8, using: &generator))
        default: .never
        }
    }

    mutating func learn(from run: ReplayRun) {
        if let us = run.openingUs { openingUs = (openingUs * 3 + us) / 4 }
        if let us = run.closingUs { closingUs = (closingUs * 3 + us) / 4 }
        if run.report != nil { commits = max(1, (commits + run.commits) / 2) }
    }
}
