public import SpillwayModel
internal import SpillwayPlatform

/// What a trace holds, found by reading all of it.
public struct TraceDescription: Sendable {
    public let attempts: Int
    /// Attempts that no engine takes: their country, latency or a label is not valid.
    public let invalid: Int
    /// Distinct identities among the others.
    public let registrations: Int
    /// Registrations by the region of the first valid attempt of each; all regions are there.
    public let regions: [Region: Int]
    /// Attempts that arrive in the busiest second, and in the busiest minute, of UTC.
    public let peakPerSecond: Int
    public let peakPerMinute: Int
    /// When these begin, the first of several; nil if there are no attempts.
    public let peakSecondAt: Timestamp?
    public let peakMinuteAt: Timestamp?
    /// When the first and the last attempt arrive; nil if there are none.
    public let first: Timestamp?
    public let last: Timestamp?
    /// When and where attempts come from.
    public let profile: TraceProfile

    /// Valid attempts of identities that had one before.
    public var retries: Int { attempts - invalid - registrations }

    /// Valid attempts for each registration; 0 if there are none.
    public var attemptsPerRegistration: Double {
        registrations > 0 ? Double(attempts - invalid) / Double(registrations) : 0
    }

    /// - Complexity: Reads the trace once, and again for each 16 Mi attempts of one that does not know its
    ///   registrations: that many identities are held in memory at a time, 16 bytes each.
    public init(describing trace: any Trace, threads: Int) throws {
        let parts = Monitor([Part?](repeating: nil, count: trace.sliceCount))
        let profile = Monitor(TraceProfile())
        try forEachSlice(of: trace, threads: threads) { index, slice in
            let part = Part(slice)
            parts.withLock { $0[index] = part }
            let times = TraceProfile(slice)
            profile.withLock { $0.add(times) }
        }
        self.profile = profile.withLock { $0 }
        var whole = Part()
        for part in parts.withLock({ $0 }) { if let part { whole.append(part) } }
        attempts = whole.attempts
        invalid = whole.invalid
        peakPerSecond = whole.seconds.peak
        peakPerMinute = whole.minutes.peak
        peakSecondAt = whole.seconds.peakAt
        peakMinuteAt = whole.minutes.peakAt
        first = whole.first
        last = whole.last
        let known = trace.registrationsByRegion
        let counted = try known ?? DistinctIdentities.count(in: trace, attempts: attempts, threads: threads)
        regions = Dictionary(uniqueKeysWithValues: Region.allCases.map { ($0, counted[$0] ?? 0) })
        registrations = regions.values.reduce(0, +)
    }
}

/// What can be told of consecutive attempts by themselves.
private struct Part {
    var attempts = 0
    var invalid = 0
    var seconds = BusiestPeriod(lengthUs: Timestamp.microsecondsPerSecond)
    var minutes = BusiestPeriod(lengthUs: 60 * Timestamp.microsecondsPerSecond)
    var first: Timestamp?
    var last: Timestamp?

    init() {}

    init(_ slice: TraceSlice) {
        attempts = slice.count
        invalid = (0..<slice.count).reduce(0) { $0 + (slice.batch.isValid($1) ? 0 : 1) }
        seconds = BusiestPeriod(slice.arrivedAt, lengthUs: Timestamp.microsecondsPerSecond)
        minutes = BusiestPeriod(slice.arrivedAt, lengthUs: 60 * Timestamp.microsecondsPerSecond)
        first = slice.arrivedAt.first
        last = slice.arrivedAt.last
    }

    mutating func append(_ next: Part) {
        attempts += next.attempts
        invalid += next.invalid
        seconds.append(next.seconds)
        minutes.append(next.minutes)
        first = first ?? next.first
        last = next.last ?? last
    }
}

extension RegistrationBatch {
    /// Whether an engine would take the attempt, if it is new.
    func isValid(_ row: Int) -> Bool {
        country[row] != .unknown && latencyUs[row] >= 0 && platform[row] != .invalid
            && source[row] != .invalid
    }
}

/// Reads every slice on up to `threads` threads, each with memory that it reuses.
func forEachSlice(
    of trace: any Trace, threads: Int, _ body: @escaping @Sendable (Int, TraceSlice) -> Void
) throws {
    let spare = Monitor<[TraceSlice]>([])
    try concurrentPerform(trace.sliceCount, threads: threads) { index in
        var slice = spare.withLock { $0.popLast() } ?? TraceSlice()
        try trace.readSlice(index, into: &slice)
        body(index, slice)
        spare.withLock { $0.append(slice) }
    }
}
