/// What clients do besides asking once.
struct Clients: Sendable {
    /// What an attempt takes to arrive, at most.
    var arrivalJitterUs: Int64 = 0
    var retries: Retries?
    var doubleTaps: DoubleTaps?
    var resends: Resends?
    var late: LateArrivals?
    var clocks: WrongClocks?
    /// Of all attempts, those that no engine takes.
    var invalidShare = 0.0
}

/// Attempts that follow one another, each after a wait.
struct Repetition: Sendable {
    static let maximumLimit = 255
    /// From a registration to its last repetition, at most: a day.
    static let maximumHorizonUs: Int64 = 86_400_000_000

    /// Repetitions of one registration, at most.
    var limit: Int
    /// Before the first.
    var baseUs: Int64
    /// How much longer each wait is than the one before.
    var factor: Double
    /// No wait is longer.
    var longestUs: Int64
    /// How far a repetition strays from its time either way, as a part of the wait before it: 0 to ½, so that none
    /// comes before the one that it follows.
    var jitter: Double

    /// When repetition `number`, from 1, is sent, counted from the registration.
    func windowUs(of number: Int) -> ClosedRange<Int64> {
        var wait = Double(baseUs)
        var middle = min(wait, Double(longestUs))
        for _ in 1..<number {
            wait = min(wait * factor, Double(longestUs))
            middle += wait
        }
        let stray = min(wait, Double(longestUs)) * jitter
        return Int64(middle - stray)...Int64(middle + stray)
    }
}

/// Clients that try again although they were heard: their answer came too late, or they do not wait for one.
struct Retries: Sendable {
    enum Cause: Sendable {
        /// So many of all attempts are followed by another.
        case share(Double)
        /// An attempt that takes longer than this is followed by another.
        case timeoutUs(Int64)
    }
    var cause: Cause
    var repetition: Repetition
}

/// People who press the button twice.
struct DoubleTaps: Sendable {
    static let shortestUs: Int64 = 50_000

    /// Of all registrations.
    var share: Double
    var withinUs: Int64
}

/// People whose verification code does not come, and who ask for another.
struct Resends: Sendable {
    /// Of those who have asked, each time.
    var share: Double
    var repetition: Repetition
}

/// Registrations that were made out of reach of the service, and arrive when they can.
struct LateArrivals: Sendable {
    /// Of all registrations.
    var share: Double
    var byUs: Int64
}

/// Clients whose clock is wrong: all their times are off by the same.
struct WrongClocks: Sendable {
    /// Of all registrations.
    var share: Double
    /// Either way.
    var skewUs: Int64
}

/// How long the service takes to answer: log-normal, longer under load.
struct LatencyProfile: Sendable {
    struct Load: Sendable {
        /// Attempts a second that the service takes at most.
        var capacityPerSecond: Double
        /// How many times as long an answer takes, at most.
        var slowdown: Double
    }
    var medianUs: Int64
    var p99Us: Int64
    /// Nil: load makes no difference.
    var load: Load?
}
