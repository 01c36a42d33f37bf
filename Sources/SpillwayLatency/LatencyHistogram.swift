package import Histogram

/// Counts of latencies, three significant digits of each.
package struct LatencyHistogram: Sendable {
    /// In nanoseconds.
    package private(set) var counts = Histogram<UInt64>(
        highestTrackableValue: Self.highestNs, numberOfSignificantValueDigits: .three)

    /// An hour: what took longer counts as that.
    private static let highestNs: UInt64 = 3_600_000_000_000

    package init() {}

    package init(_ latencies: some Sequence<(ns: Int64, weight: Int)>) {
        for (ns, weight) in latencies { record(ns: ns, count: weight) }
    }

    package mutating func record(ns: Int64, count: Int = 1) {
        counts.record(min(UInt64(max(0, ns)), Self.highestNs), count: UInt64(count))
    }

    package func us(atPercentile percentile: Double) -> Double { Double(counts.valueAtPercentile(percentile)) / 1e3 }
    package var maxUs: Double { Double(counts.maxRecorded) / 1e3 }
}
