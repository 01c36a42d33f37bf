import SpillwayPlatform

@testable import SpillwayCLI

/// Time that goes on when somebody waits, and then by a little more than was asked for.
final class ManualClock: ReplayClock {
    private static let startNs: Int64 = 1_000_000_000

    private let state = Monitor<Int64>(startNs)
    /// How late every sleep ends.
    let oversleepNs: Int64

    /// Who waits longer than until then, from the clock's start, stops the replay.
    let endNs: Int64

    init(oversleepNs: Int64 = 0, endNs: Int64 = .max) {
        self.oversleepNs = oversleepNs
        self.endNs = endNs
    }

    var nowNs: Int64 { state.withLock { $0 } }

    func wait(untilNs: Int64, unless stop: StopFlag) -> Bool {
        if untilNs - Self.startNs > endNs { stop.raise() }
        if stop.isUp { return false }
        state.withLock { now in
            if now < untilNs { now = untilNs + oversleepNs }
        }
        return true
    }
}
