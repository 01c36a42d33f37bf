import SpillwayLatency
import SpillwayModel

/// What a replay's batches came to, as they are answered.
struct ReplayMeasures: Sendable {
    private(set) var totals = ReplayTotals()
    /// Acknowledgement latencies by row of ``ReplayTotals``: from when an attempt should have been sent, with no
    /// schedule from when it was, until its answer was taken.
    private var latencies = [LatencyHistogram](repeating: LatencyHistogram(), count: ReplayTotals.rowCount)
    /// How late the replay itself was; nothing is recorded without a schedule.
    private(set) var lateness = LatencyHistogram()
    private var recorder: TimelineRecorder
    private let isScheduled: Bool

    /// - Parameter startedNs: On the clock of the batches' times.
    init(startedNs: Int64, isScheduled: Bool) {
        self.isScheduled = isScheduled
        recorder = TimelineRecorder(startedNs: startedNs)
    }

    mutating func add(_ batch: AnsweredBatch) {
        totals += batch.totals
        if isScheduled { lateness.record(ns: batch.latenessNs, count: batch.totals.attempts) }
        for row in latencies.indices {
            let attempts = batch.totals.attempts(row: row)
            if attempts > 0 { latencies[row].record(ns: batch.latencyNs, count: attempts) }
        }
        recorder.add(batch)
    }

    func latency(of region: Region) -> LatencyHistogram {
        latencies[Region.allCases.firstIndex(of: region) ?? Region.allCases.count]
    }

    /// Of all attempts, those from countries that there are not included.
    var latency: LatencyHistogram {
        latencies.reduce(into: LatencyHistogram()) { $0 += $1 }
    }

    func timeline(startedAt: Timestamp) -> ReplayTimeline { recorder.timeline(startedAt: startedAt) }
}
