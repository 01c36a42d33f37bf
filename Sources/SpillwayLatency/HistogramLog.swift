import Foundation

/// HdrHistogram's interval log, version 1.3: a line for each interval and tag, as its plotters and the
/// `HistogramLogReader` of every language read it. Latencies are in nanoseconds, the lines' greatest ones in
/// milliseconds, times in seconds from the log's start.
package struct HistogramLog {
    /// What was logged since ``takeText()``, the head first.
    package private(set) var text: String
    /// Since 1970.
    package let startedAtMs: Int64

    /// - Parameter program: Who logs.
    package init(startedAtMs: Int64, program: String) {
        self.startedAtMs = startedAtMs
        let start = Self.thousandths(startedAtMs)
        let date = Date(timeIntervalSince1970: Double(startedAtMs) / 1e3).formatted(.iso8601)
        text = """
            #[Logged with \(program)]
            #[Histogram log format version 1.3]
            #[StartTime: \(start) (seconds since epoch), \(date)]
            "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

            """
    }

    /// - Parameters:
    ///   - tag: No comma, space or line break: the format has no quotes.
    ///   - offsetNs: Where the interval begins, from the log's start; not less than 0.
    package mutating func append(
        tag: String, _ latencies: LatencyHistogram, offsetNs: Int64, lengthNs: Int64
    ) {
        let payload = Data(latencies.counts.encodedCompressedV2()).base64EncodedString()
        let (start, length) = (Self.thousandths(offsetNs / 1_000_000), Self.thousandths(lengthNs / 1_000_000))
        let maxMs = Self.thousandths(Int64(latencies.maxUs))
        text += "Tag=\(tag),\(start),\(length),\(maxMs),\(payload)\n"
    }

    /// Hands the text over to be written, and forgets it.
    package mutating func takeText() -> String {
        defer { text = "" }
        return text
    }

    /// `12.034` for 12 034.
    private static func thousandths(_ value: Int64) -> String {
        let (whole, rest) = value.quotientAndRemainder(dividingBy: 1000)
        let digits = String(rest)
        return "\(whole).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }
}
