import SpillwayLatency
import Foundation
import SpillwayConsole

/// HdrHistogram's interval log, version 1.3: a line for each second and kind of latency, as its plotters and the
/// `HistogramLogReader` of every language read it. Latencies are in nanoseconds, the lines' greatest ones in milliseconds.
struct HistogramLog {
    private(set) var text: String
    private let startedAtMs: Int64

    private static let intervalNs: Int64 = 1_000_000_000

    /// - Parameter startedAtMs: since 1970.
    init(startedAtMs: Int64) {
        self.startedAtMs = startedAtMs
        let start = Self.seconds(startedAtMs * 1_000_000)
        let date = Date(timeIntervalSince1970: Double(startedAtMs) / 1e3).formatted(.iso8601)
        text = """
            #[Logged with spillway-bench]
            #[Histogram log format version 1.3]
            #[StartTime: \(start) (seconds since epoch), \(date)]
            "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

            """
    }

    /// A repetition that began at `startedAtMs`: lines tagged `batch` and `attempt` for each second of it.
    mutating func append(_ result: OpenLoopResult, startedAtMs: Int64) {
        guard let first = result.measured.first?.intendedNs else { return }
        let seconds = Dictionary(grouping: result.measured) { ($0.intendedNs - first) / Self.intervalNs }
        for (second, batches) in seconds.sorted(by: { $0.key < $1.key }) {
            let offsetNs = (startedAtMs - self.startedAtMs) * 1_000_000 + first + second * Self.intervalNs
            append("batch", LatencyHistogram(batches.lazy.map { ($0.latencyNs, 1) }), offsetNs: offsetNs)
            append(
                "attempt", LatencyHistogram(batches.lazy.map { ($0.latencyNs, $0.attempts + $0.refused) }),
                offsetNs: offsetNs)
        }
    }

    private mutating func append(_ tag: String, _ latencies: LatencyHistogram, offsetNs: Int64) {
        let payload = Data(latencies.counts.encodedCompressedV2()).base64EncodedString()
        let maxMs = Figures.decimal(latencies.maxUs / 1e3, places: 3).replacing(",", with: "")
        text += "Tag=\(tag),\(Self.seconds(offsetNs)),\(Self.seconds(Self.intervalNs)),\(maxMs),\(payload)\n"
    }

    private static func seconds(_ ns: Int64) -> String {
        Figures.decimal(Double(ns) / 1e9, places: 3).replacing(",", with: "")
    }
}
