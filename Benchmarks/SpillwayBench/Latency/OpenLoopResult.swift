import SpillwayLatency

/// What an open loop measured, once it is warm.
struct OpenLoopResult {
    /// In the order of their intended starts.
    let measured: [AnsweredBatch]
    let offeredAttempts: Int
    let refusedAttempts: Int
    /// From the first intended start that counts to the last, and from the first answer to the last: a latency that does
    /// not grow makes no difference between these.
    private let offeredNs: Int64
    private let answeredNs: Int64

    init(answered: [AnsweredBatch], warmupNs: Int64) {
        measured = answered.filter { $0.intendedNs >= warmupNs }.sorted { $0.intendedNs < $1.intendedNs }
        offeredAttempts = measured.reduce(0) { $0 + $1.attempts + $1.refused }
        refusedAttempts = measured.reduce(0) { $0 + $1.refused }
        offeredNs = max(1, (measured.last?.intendedNs ?? 0) - (measured.first?.intendedNs ?? 0))
        let answers = measured.map(\.answeredNs)
        answeredNs = max(1, (answers.max() ?? 0) - (answers.min() ?? 0))
    }

    var offeredPerSecond: Double { Double(offeredAttempts) * 1e9 / Double(offeredNs) }
    var achievedPerSecond: Double { Double(offeredAttempts - refusedAttempts) * 1e9 / Double(answeredNs) }
    /// Per cent of the offered rate that was not achieved.
    var shortfallPercent: Double { max(0, 1 - achievedPerSecond / offeredPerSecond) * 100 }

    var perBatch: LatencyHistogram { LatencyHistogram(measured.lazy.map { ($0.latencyNs, 1) }) }
    var perAttempt: LatencyHistogram {
        LatencyHistogram(measured.lazy.map { ($0.latencyNs, $0.attempts + $0.refused) })
    }
    /// How late the senders were.
    var lateness: LatencyHistogram { LatencyHistogram(measured.lazy.map { ($0.sentNs - $0.intendedNs, 1) }) }
}
