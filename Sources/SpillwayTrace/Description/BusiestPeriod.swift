internal import SpillwayModel

/// The most attempts in any of the periods of one length that time is cut into. Those at both ends may go on
/// where consecutive attempts do.
struct BusiestPeriod {
    private struct Run {
        var period: Int64
        var count: Int
    }

    private(set) var peak = 0
    private let lengthUs: Int64
    /// The first of the busiest.
    private var busiest: Int64?
    private var head: Run?
    /// Nil as long as the head is the only one.
    private var tail: Run?

    init(lengthUs: Int64) { self.lengthUs = lengthUs }

    /// - Parameter times: Never decrease.
    init(_ times: [Timestamp], lengthUs: Int64) {
        self.init(lengthUs: lengthUs)
        var run: Run?
        var endUs = Int64.min
        for time in times {
            if time.rawValue < endUs || endUs == .max {
                run?.count += 1
                continue
            }
            if let run { append(run) }
            let period = time.rawValue.flooredDivision(by: lengthUs).quotient
            let (end, overflow) = (period + 1).multipliedReportingOverflow(by: lengthUs)
            endUs = overflow ? .max : end
            run = Run(period: period, count: 1)
        }
        if let run { append(run) }
    }

    /// When the first of the busiest periods begins; nil if there are no attempts.
    var peakAt: Timestamp? {
        busiest.map { period in
            let (start, overflow) = period.multipliedReportingOverflow(by: lengthUs)
            return Timestamp(rawValue: overflow ? .min : start)
        }
    }

    /// - Precondition: `next` holds what follows, in periods of the same length.
    mutating func append(_ next: BusiestPeriod) {
        if let head = next.head { append(head) }
        if let tail = next.tail { append(tail) }
        if let busiest = next.busiest { consider(Run(period: busiest, count: next.peak)) }
    }

    private mutating func append(_ run: Run) {
        let previous = tail ?? head
        let joined = run.period == previous?.period ? (previous?.count ?? 0) + run.count : run.count
        let whole = Run(period: run.period, count: joined)
        consider(whole)
        if head == nil || tail == nil && head?.period == run.period {
            head = whole
        } else {
            tail = whole
        }
    }

    private mutating func consider(_ run: Run) {
        guard run.count > peak || run.count == peak && run.period < busiest ?? .max else { return }
        peak = run.count
        busiest = run.period
    }
}
