import SpillwayLatency

extension HistogramLog {
    private static let intervalNs: Int64 = 1_000_000_000

    /// A repetition that began at `startedAtMs`: lines tagged `batch` and `attempt` for each second of it.
    mutating func append(_ result: OpenLoopResult, startedAtMs: Int64) {
        guard let first = result.measured.first?.intendedNs else { return }
        let seconds = Dictionary(grouping: result.measured) { ($0.intendedNs - first) / Self.intervalNs }
        for (second, batches) in seconds.sorted(by: { $0.key < $1.key }) {
            let offsetNs = (startedAtMs - self.startedAtMs) * 1_000_000 + first + second * Self.intervalNs
            append(
                tag: "batch", LatencyHistogram(batches.lazy.map { ($0.latencyNs, 1) }), offsetNs: offsetNs,
                lengthNs: Self.intervalNs)
            append(
                tag: "attempt",
                LatencyHistogram(batches.lazy.map { ($0.latencyNs, $0.attempts + $0.refused) }),
                offsetNs: offsetNs, lengthNs: Self.intervalNs)
        }
    }
}
