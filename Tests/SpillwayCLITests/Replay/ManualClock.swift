import SpillwayPlatform

@testable import SpillwayCLI

/// Time that goes on when somebody waits, and then by a little more than was asked for.
final class ManualClock: ReplayClock {
    private let state = Monitor<Int64>(1_000_000_000)
    /// How late every sleep ends.
    let oversleepNs: Int64

    init(oversleepNs: Int64 = 0) { self.oversleepNs = oversleepNs }

    var nowNs: Int64 { state.withLock { $0 } }

    func wait(untilNs: Int64, unless stop: StopFlag) -> Bool {
        if stop.isUp { return false }
        state.withLock { now in
            if now < untilNs { now = untilNs + oversleepNs }
        }
        return true
    }
}
