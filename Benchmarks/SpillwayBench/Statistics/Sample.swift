/// Figures of one metric over repetitions.
struct Sample {
    private let sorted: [Double]

    /// Nil if there are none.
    init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        sorted = values.sorted()
    }

    var least: Double { sorted[0] }
    var greatest: Double { sorted[sorted.count - 1] }
    var median: Double {
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The smallest value that at least `percent` of all do not exceed (nearest rank), 0 < `percent` ≤ 100.
    func percentile(_ percent: Double) -> Double {
        precondition(percent > 0 && percent <= 100)
        let rank = Int((percent / 100 * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }
}
