import SpillwayLatency

/// One repetition of `latency`, in figures.
struct LatencyFigures {
    private let result: OpenLoopResult
    private let bare: LatencyHistogram

    init(_ result: OpenLoopResult, bare: LatencyHistogram) {
        self.result = result
        self.bare = bare
    }

    private static let percentiles: [(key: String, percentile: Double)] = [
        ("P50", 50), ("P90", 90), ("P99", 99), ("P999", 99.9), ("P9999", 99.99),
    ]

    static let metrics: [Metric] =
        latencyMetrics("batch") + latencyMetrics("attempt") + [
            Metric(name: "bareAppendP50Us", title: "bare append p50, µs", better: .lower, places: 0),
            Metric(name: "bareAppendP99Us", title: "bare append p99, µs", better: .lower, places: 0),
            Metric(name: "bareAppendP999Us", title: "bare append p99.9, µs", better: .lower, places: 0),
            Metric(name: "p99PerBareAppendP99", title: "p99 / bare append p99", better: .lower, places: 2),
            Metric(
                name: "offeredPerSecond", title: "offered, million attempts/s", better: .higher, places: 3, scale: 1e6),
            Metric(
                name: "achievedPerSecond", title: "achieved, million attempts/s", better: .higher, places: 3,
                scale: 1e6),
            Metric(name: "shortfallPercent", title: "shortfall, %", better: .lower, places: 2),
            Metric(name: "refusedAttempts", title: "refused attempts", better: .lower, places: 0),
            Metric(name: "senderLatenessP99Us", title: "sender lateness p99, µs", better: .lower, places: 0),
            Metric(name: "senderLatenessMaxUs", title: "sender lateness max, µs", better: .lower, places: 0),
        ]

    private static func latencyMetrics(_ kind: String) -> [Metric] {
        percentiles.map { key, percentile in
            let shown = percentile == percentile.rounded() ? "\(Int(percentile))" : "\(percentile)"
            return Metric(name: "\(kind)\(key)Us", title: "\(kind) p\(shown), µs", better: .lower, places: 0)
        } + [Metric(name: "\(kind)MaxUs", title: "\(kind) max, µs", better: .lower, places: 0)]
    }

    /// By ``Metric/name``.
    var byName: [String: Double] {
        let (perBatch, lateness) = (result.perBatch, result.lateness)
        var figures = [
            "bareAppendP50Us": bare.us(atPercentile: 50), "bareAppendP99Us": bare.us(atPercentile: 99),
            "bareAppendP999Us": bare.us(atPercentile: 99.9),
            "p99PerBareAppendP99": perBatch.us(atPercentile: 99) / max(1, bare.us(atPercentile: 99)),
            "offeredPerSecond": result.offeredPerSecond, "achievedPerSecond": result.achievedPerSecond,
            "shortfallPercent": result.shortfallPercent, "refusedAttempts": Double(result.refusedAttempts),
            "senderLatenessP99Us": lateness.us(atPercentile: 99), "senderLatenessMaxUs": lateness.maxUs,
        ]
        for (kind, latencies) in [("batch", perBatch), ("attempt", result.perAttempt)] {
            for (key, percentile) in Self.percentiles {
                figures["\(kind)\(key)Us"] = latencies.us(atPercentile: percentile)
            }
            figures["\(kind)MaxUs"] = latencies.maxUs
        }
        return figures
    }
}
