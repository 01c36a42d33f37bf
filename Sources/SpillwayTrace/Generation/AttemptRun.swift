/// Attempts of one kind and number, of registrations with consecutive counters of one country and slice.
struct AttemptRun: Sendable {
    /// Fits the bits that a place in a run has in a sort key.
    static let maximumCount = 1 << 16

    var kind: AttemptKind
    var number: Int
    /// Index into the schedule.
    var country: Int
    /// The slice of the registrations.
    var origin: Int

    /// The first registration's counter.
    var first: UInt64 = 0
    var count = 0

    /// The attempts of a kind, number, country and slice are spread evenly over their window: here is the first one's
    /// place among them, and how much later than the one before each is sent on average.
    var place = 0
    var strideUs = 0.0
    /// From the registration to the window.
    var shortestUs: Int64 = 0

    /// The quantiles that their latencies are among, out of 2³²: those that a retry follows are the longest.
    var firstQuantile: UInt64 = 0
    var quantiles: UInt64 = 1 << 32
    var slowdown: Float = 1
    /// Of the registrations' slice, for ``SecondShapes/timeUs(_:place:)``.
    var secondsPlace = -1

    init(_ kind: AttemptKind, _ number: Int = 0, country: Int, origin: Int) {
        self.kind = kind
        self.number = number
        self.country = country
        self.origin = origin
    }

    /// What people take to mend what they typed, at most.
    private static let correctionUs: UInt64 = 20_000_000

    /// When an attempt is sent and when it arrives, in microseconds since its registration's slice began.
    ///
    /// - Parameters:
    ///   - index: Of the registration in the run.
    ///   - timeUs: When the registration is made.
    ///   - jitterUs: What an attempt takes to arrive, at most.
    @inline(__always)
    func times(_ index: Int, _ draws: Draws, timeUs: UInt64, jitterUs: UInt64) -> (sentUs: Int64, arrivalUs: Int64) {
        let time = Int64(truncatingIfNeeded: timeUs)
        switch kind {
        case .original:
            return (time, time + Self.delayUs(draws, slot: 0, jitterUs))
        case .late:
            return (time, time + windowUs(index, draws))
        case .doubleTap:
            // It goes the way that the original went, and does not overtake it.
            let sent = time + windowUs(index, draws)
            return (sent, sent + Self.delayUs(draws, slot: 0, jitterUs))
        case .invalid:
            let slot = kind.slot(number)
            let beforeUs = scaled(draws[Draws.wait(slot)].high, to: min(timeUs, Self.correctionUs))
            let sent = time - Int64(truncatingIfNeeded: beforeUs)
            return (sent, sent + Self.delayUs(draws, slot: slot, jitterUs))
        case .resend, .retry:
            let sent = time + windowUs(index, draws)
            return (sent, sent + Self.delayUs(draws, slot: kind.slot(number), jitterUs))
        }
    }

    /// From the registration: the place decides, and a draw within it.
    @inline(__always)
    private func windowUs(_ index: Int, _ draws: Draws) -> Int64 {
        let fraction = Double(draws[Draws.wait(kind.slot(number))].high) * 0x1p-32
        return shortestUs + Int64((Double(place + index) + fraction) * strideUs)
    }

    /// Below the jitter; 0 if there is none.
    @inline(__always)
    private static func delayUs(_ draws: Draws, slot: Int, _ jitterUs: UInt64) -> Int64 {
        Int64(truncatingIfNeeded: scaled(draws[Draws.latencyAndDelay(slot)].low, to: jitterUs))
    }
}

/// What each draw of a registration is for.
extension Draws {
    static let time = 0
    static let platformAndSource = 1
    static let clock = 2
    static let whatIsInvalid = 3
    @inline(__always)
    static func latencyAndDelay(_ slot: Int) -> Int { 4 + 2 * slot }
    @inline(__always)
    static func wait(_ slot: Int) -> Int { 5 + 2 * slot }
}
