import Histogram

/// What an open loop measured, once it is warm.
struct OpenLoopResult {
    /// In the order of their intended starts.
    let measured: [AnsweredBatch]
    /// Attempts that were to be sent, and those that were answered, in the time that counts: what arrived before it
    /// and was answered in it stands for what was answered after it.
    let offeredAttempts: Int
    let answeredAttempts: Int
    let refusedAttempts: Int
    let seconds: Double

    init(answered: [AnsweredBatch], schedule: ArrivalSchedule, warmupNs: Int64) {
        let endNs = schedule.startsNs.last ?? 0
        measured = answered.filter { $0.intendedNs >= warmupNs }.sorted { $0.intendedNs < $1.intendedNs }
        offeredAttempts = measured.reduce(0) { $0 + $1.attempts + $1.refused }
        answeredAttempts = answered.reduce(0) {
            (warmupNs..<endNs).contains($1.answeredNs) ? $0 + $1.attempts : $0
        }
        refusedAttempts = measured.reduce(0) { $0 + $1.refused }
        seconds = Double(max(1, endNs - warmupNs)) / 1e9
    }

    var offeredPerSecond: Double { Double(offeredAttempts) / seconds }
    var achievedPerSecond: Double { Double(answeredAttempts) / seconds }
    /// Per cent of the offered rate that was not achieved.
    var shortfallPercent: Double {
        offeredAttempts == 0 ? 0 : max(0, 1 - Double(answeredAttempts) / Double(offeredAttempts)) * 100
    }

    var perBatch: LatencyHistogram { LatencyHistogram(measured.lazy.map { ($0.latencyNs, 1) }) }
    var perAttempt: LatencyHistogram {
        LatencyHistogram(measured.lazy.map { ($0.latencyNs, $0.attempts + $0.refused) })
    }
    /// How late the senders were.
    var lateness: LatencyHistogram { LatencyHistogram(measured.lazy.map { ($0.sentNs - $0.intendedNs, 1) }) }
}

/// Counts of latencies, three significant digits of each.
struct LatencyHistogram {
    /// In nanoseconds.
    private(set) var counts = Histogram<UInt64>(
        highestTrackableValue: Self.highestNs, numberOfSignificantValueDigits: .three)

    /// An hour: what took longer counts as that.
    private static let highestNs: UInt64 = 3_600_000_000_000

    init(_ latencies: some Sequence<(ns: Int64, weight: Int)>) {
        for (ns, weight) in latencies {
            counts.record(min(UInt64(max(0, ns)), Self.highestNs), count: UInt64(weight))
        }
    }

    func us(atPercentile percentile: Double) -> Double { Double(counts.valueAtPercentile(percentile)) / 1e3 }
    var maxUs: Double { Double(counts.maxRecorded) / 1e3 }
}
