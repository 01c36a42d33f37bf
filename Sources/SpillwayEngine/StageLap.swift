import SpillwayPlatform

/// Divides all that a thread does among stages: each gets what has passed since the one before it ended. To be used
/// on one thread, as processor time is a thread's own. Does nothing if there is no meter.
///
/// One end costs a system call of about 0.3 µs: to be paid once for a batch, a row group or an epoch.
struct StageLap {
    private let meter: StageMeter?
    private var start: (processorNs: Int64, us: Int64) = (0, 0)

    init(_ meter: StageMeter?) {
        self.meter = meter
        begin()
    }

    /// What has passed until now belongs to no stage.
    mutating func begin() {
        if let meter { start = meter.now() }
    }

    /// - Parameter waited: what of it went to waiting for shards' locks.
    mutating func end(_ stage: StageTimes.Stage, waited: TimeSpent = TimeSpent()) {
        guard let meter else { return }
        let now = meter.now()
        meter.add(
            TimeSpent(
                count: 1, processorNs: now.processorNs - start.processorNs - waited.processorNs,
                elapsedUs: now.us - start.us - waited.elapsedUs),
            to: stage)
        if waited.count > 0 { meter.add(waited, to: .lockWait) }
        start = now
    }
}
