import SpillwayConsole

/// A figure that a benchmark measures in every repetition.
struct Metric: Codable, Hashable {
    enum Better: String, Codable {
        case higher, lower
        /// A fact about the machine, or a share of what it can do: neither is good in itself.
        case neither
    }

    /// Its key in ``BenchmarkReport/Case/repetitions``, units last: `latencyP99Us`.
    var name: String
    /// What people read: `p99 latency, µs`.
    var title: String
    var better: Better
    /// Digits behind the point, for people.
    var places: Int
    /// What a printed figure is divided by: 1e6 where the title says million.
    var scale: Double = 1
    /// What it is a part of, if its parts are to be seen beside each other: `where processor time goes`.
    var whole: String?

    func formatted(_ value: Double) -> String { Figures.decimal(value / scale, places: places) }
}
