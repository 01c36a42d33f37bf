import SpillwayModel

/// When each attempt of a replay is due, and which attempts are handed over together.
struct Pace: Sendable {
    enum Rhythm: Sendable, Equatable {
        /// As in the trace, so many times faster.
        case traced(speedup: Double)
        /// Attempts at equal distances, whatever the trace says.
        case constant(perSecond: Double)
    }

    /// Consecutive attempts that are handed over at once, when the last of them is due.
    struct Grain: Hashable, Sendable {
        var rows: Range<Int>
        /// When the first and the last of them are due, in nanoseconds from the first attempt of all.
        var firstDueNs: Int64
        var lastDueNs: Int64
    }

    /// What is due within so long is a grain: a quarter of the millisecond that a schedule is to be kept within, and
    /// long enough that waking up for each costs little.
    static let grainNs: Int64 = 250_000

    private let rhythm: Rhythm
    /// Nil before the first attempt.
    private var firstArrival: Timestamp?
    private var attempts: Int64 = 0

    init(_ rhythm: Rhythm) { self.rhythm = rhythm }

    /// The next grain of attempts that arrive at these times, from `row` on, `limit` of them at most.
    ///
    /// - Precondition: 0 ≤ `row` < `arrivals.count`, 1 ≤ `limit`; every grain begins where the one before it ended.
    mutating func nextGrain(of arrivals: [Timestamp], from row: Int, limit: Int) -> Grain {
        let firstArrival = firstArrival ?? arrivals[row]
        self.firstArrival = firstArrival
        let firstDueNs = dueNs(arrivals[row], number: attempts, since: firstArrival)
        var (end, lastDueNs) = (row + 1, firstDueNs)
        let last = min(row + limit, arrivals.count)
        while end < last {
            let nextDueNs = dueNs(arrivals[end], number: attempts + Int64(end - row), since: firstArrival)
            guard nextDueNs - firstDueNs < Self.grainNs else { break }
            lastDueNs = nextDueNs
            end += 1
        }
        attempts += Int64(end - row)
        return Grain(rows: row..<end, firstDueNs: firstDueNs, lastDueNs: lastDueNs)
    }

    /// Centuries from now for a time that cannot be reckoned with.
    @inline(__always)
    private func dueNs(_ arrival: Timestamp, number: Int64, since firstArrival: Timestamp) -> Int64 {
        let ns =
            switch rhythm {
            case .traced(let speedup):
                (Double(arrival.rawValue) - Double(firstArrival.rawValue)) * 1000 / speedup
            case .constant(let perSecond): Double(number) * 1e9 / perSecond
            }
        return Int64(min(ns, 0x1p61))
    }
}
