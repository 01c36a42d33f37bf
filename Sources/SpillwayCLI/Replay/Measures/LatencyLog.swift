import SpillwayLatency
import SpillwayModel
import SpillwayPlatform

/// Writes a file for HdrHistogram's tools while a replay runs: acknowledgement latencies, a line for each second and region.
struct LatencyLog: Sendable {
    private static let intervalNs: Int64 = 1_000_000_000
    /// By row of ``ReplayTotals``. The format has no spaces in tags.
    private static let tags =
        Region.allCases.map { $0.rawValue.split(separator: " ").joined(separator: "-") } + ["unknown"]

    private let file: any File
    private var writtenBytes: UInt64 = 0
    private var log: HistogramLog
    private let startedNs: Int64
    /// The second that gathers.
    private var second: Int64 = 0
    private var latencies = [LatencyHistogram](repeating: LatencyHistogram(), count: Self.tags.count)
    /// Why nothing more is written.
    private var failure: SystemError?

    /// Begins the file anew; its times count from here.
    init(path: String) throws(SystemError) {
        try self.init(path: path, startedAtMs: WallClock.nowMs(), startedNs: MonotonicClock.nowNs())
    }

    init(path: String, startedAtMs: Int64, startedNs: Int64) throws(SystemError) {
        file = try PosixSystem().open(path, .createIfAbsent)
        try file.truncate(to: 0)
        log = HistogramLog(startedAtMs: startedAtMs, program: "spillway replay")
        self.startedNs = startedNs
    }

    /// An interval is made of what was answered in it.
    mutating func add(_ batch: AnsweredBatch) {
        let second = max(0, batch.answeredNs - startedNs) / Self.intervalNs
        if second > self.second {
            writeInterval()
            self.second = second
        }
        for row in latencies.indices {
            let attempts = batch.totals.attempts(row: row)
            if attempts > 0 { latencies[row].record(ns: batch.latencyNs, count: attempts) }
        }
    }

    /// - Throws: why not all of the log could be written.
    mutating func finish() throws(SystemError) {
        writeInterval()
        if let failure { throw failure }
    }

    private mutating func writeInterval() {
        for row in latencies.indices where !latencies[row].isEmpty {
            log.append(
                tag: Self.tags[row], latencies[row], offsetNs: second * Self.intervalNs, lengthNs: Self.intervalNs)
            latencies[row].removeAll()
        }
        let bytes = Array(log.takeText().utf8)
        guard failure == nil, !bytes.isEmpty else { return }
        do throws(SystemError) {
            try file.write(bytes, at: writtenBytes)
            writtenBytes += UInt64(bytes.count)
        } catch {
            failure = error
        }
    }
}
