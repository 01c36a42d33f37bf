import SpillwayLatency
import ArgumentParser

/// A bound that latency has to keep: `p99=10ms`, `p99.9=500us`, `max=1s`.
struct LatencyObjective: ExpressibleByArgument, CustomStringConvertible {
    /// 100 for the greatest.
    let percentile: Double
    let limitUs: Double
    let description: String

    /// 99 of 100 batches are answered within 10 ms.
    static let usual = LatencyObjective(percentile: 99, limitUs: 10_000, description: "p99=10ms")

    private init(percentile: Double, limitUs: Double, description: String) {
        self.percentile = percentile
        self.limitUs = limitUs
        self.description = description
    }

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let percentile = Self.percentile(parts[0]), let limitUs = Self.us(parts[1]) else {
            return nil
        }
        self.percentile = percentile
        self.limitUs = limitUs
        description = argument
    }

    private static func percentile(_ text: Substring) -> Double? {
        if text == "max" { return 100 }
        guard text.first == "p", let value = Double(text.dropFirst()), value > 0, value <= 100 else { return nil }
        return value
    }

    private static func us(_ text: Substring) -> Double? {
        for (unit, scale) in [("us", 1.0), ("µs", 1), ("ms", 1e3), ("s", 1e6)] where text.hasSuffix(unit) {
            guard let value = Double(text.dropLast(unit.count)), value > 0, value.isFinite else { return nil }
            return value * scale
        }
        return nil
    }

    func isMet(by latencies: LatencyHistogram) -> Bool { latencies.us(atPercentile: percentile) <= limitUs }
}
