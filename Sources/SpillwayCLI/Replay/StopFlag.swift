import SpillwayPlatform

/// Ends a replay early; never taken back.
final class StopFlag: Sendable {
    private let isRaised = Monitor(false)

    func raise() { isRaised.withLock(notify: true) { $0 = true } }

    var isUp: Bool { isRaised.withLock { $0 } }

    /// Waits for it, no longer than `timeoutUs` microseconds; whether it is up.
    func wait(timeoutUs: Int64) -> Bool { isRaised.wait(until: { $0 }, timeoutUs: timeoutUs) }
}
