import SpillwayPlatform

/// The time that a replay's schedule goes by.
protocol ReplayClock: Sendable {
    /// Nanoseconds from some moment; never goes back.
    var nowNs: Int64 { get }

    /// Returns true when that time has come, at once if it has passed; false as soon as the replay is stopped.
    func wait(untilNs: Int64, unless stop: StopFlag) -> Bool
}

/// The machine's own.
struct SystemReplayClock: ReplayClock {
    /// Longer waits watch out for being stopped.
    private static let shortNs: Int64 = 20_000_000

    var nowNs: Int64 { MonotonicClock.nowNs() }

    func wait(untilNs: Int64, unless stop: StopFlag) -> Bool {
        let longNs = untilNs - nowNs - Self.shortNs
        guard !(longNs > 0 ? stop.wait(timeoutUs: longNs / 1000) : stop.isUp) else { return false }
        // To spin for the last microseconds would take a processor from the engine, which replay and engine share.
        MonotonicClock.wait(untilNs: untilNs, spinNs: 0)
        return true
    }
}
