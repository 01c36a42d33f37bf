package import Histogram

/// Counts of latencies.
package struct LatencyHistogram: Sendable {
    /// In nanoseconds.
    package private(set) var counts: Histogram<UInt64>

    /// An hour: what took longer counts as that.
    private static let highestNs: UInt64 = 3_600_000_000_000

    /// Three significant digits of each latency, 270 KB.
    package init() {
        counts = Histogram(highestTrackableValue: Self.highestNs, numberOfSignificantValueDigits: .three)
    }

    package init(_ latencies: some Sequence<(ns: Int64, weight: Int)>) {
        self.init()
        for (ns, weight) in latencies { record(ns: ns, count: weight) }
    }

    /// One significant digit, 6 % at worst, of whole microseconds: 4 KB, for when there are many histograms.
    package static var coarse: LatencyHistogram {
        LatencyHistogram(
            counts: Histogram(
                lowestDiscernibleValue: 1000, highestTrackableValue: highestNs, numberOfSignificantValueDigits: .one))
    }

    private init(counts: Histogram<UInt64>) { self.counts = counts }

    package mutating func record(ns: Int64, count: Int = 1) {
        counts.record(min(UInt64(max(0, ns)), Self.highestNs), count: UInt64(count))
    }

    /// - Precondition: Both are as fine as each other.
    package static func += (total: inout LatencyHistogram, part: LatencyHistogram) {
        total.counts.add(part.counts)
    }

    /// Forgets all, and keeps the memory.
    package mutating func removeAll() { counts.reset() }

    package var isEmpty: Bool { counts.totalCount == 0 }

    package func us(atPercentile percentile: Double) -> Double { Double(counts.valueAtPercentile(percentile)) / 1e3 }
    package var maxUs: Double { Double(counts.maxRecorded) / 1e3 }
}
