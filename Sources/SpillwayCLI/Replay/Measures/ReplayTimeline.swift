import SpillwayModel

/// A replay over time, in intervals of equal length.
struct ReplayTimeline: Sendable {
    var startedAt: Timestamp
    var intervalSeconds: Double
    var intervals: [Interval]

    /// What fell into one interval. Arrays are by region, in the order of `Region.allCases`; attempts from countries
    /// that there are not are in none of them, and in `backlog`, `p50Us` and `p99Us`.
    struct Interval: Hashable, Sendable {
        /// Attempts that were due; with no schedule, that were sent.
        var offered: [Int]
        /// Attempts by how they were answered.
        var accepted: [Int]
        var duplicates: [Int]
        var refused: [Int]
        /// Acknowledgement latency of what was answered, in microseconds to one significant digit; nil if nothing was.
        var regionP50Us: [Double?]
        var regionP99Us: [Double?]
        var p50Us: Double?
        var p99Us: Double?
        /// Attempts that were due, or with no schedule sent, and not yet answered when the interval ended. What an
        /// interrupted replay never sent is not among them.
        var backlog: Int
    }

    /// The greatest backlog that any interval ended with.
    var peakBacklog: Int { intervals.reduce(0) { max($0, $1.backlog) } }
}
