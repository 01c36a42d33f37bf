import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTrace

/// Sends a trace's attempts to an engine from several threads, in the trace's order: whatever the number of
/// threads, the first attempt of an identity is the one accepted.
final class Replay: Sendable {
    struct Options: Sendable {
        var producers = 1
        var batchSize = 65_536
        var limit = UInt64.max
        /// Attempts that are durable from an earlier run.
        var startAt: UInt64 = 0
        /// Nil: as fast as it goes.
        var rhythm: Pace.Rhythm?
        /// Where HdrHistogram's tools find the latencies; nil for nowhere.
        var latencyLog: LatencyLog?
    }

    private struct State {
        var measures: ReplayMeasures
        var log: LatencyLog?
    }

    private let trace: any Trace
    private let engine: Engine
    private let options: Options
    private let clock: any ReplayClock
    private let stopFlag = StopFlag()
    private let startedAtMs = WallClock.nowMs()
    private let state: Monitor<State>
    private let onProgress: @Sendable (ReplayTotals) -> Void

    /// - Parameter onProgress: Called with the outcomes so far, on any thread, one at a time.
    init(
        _ trace: any Trace, into engine: Engine, options: Options, clock: any ReplayClock = SystemReplayClock(),
        onProgress: @escaping @Sendable (ReplayTotals) -> Void
    ) {
        self.trace = trace
        self.engine = engine
        self.options = options
        self.clock = clock
        self.onProgress = onProgress
        let measures = ReplayMeasures(startedNs: clock.nowNs, isScheduled: options.rhythm != nil)
        state = Monitor(State(measures: measures, log: options.latencyLog))
    }

    /// Sends nothing more; what was sent is answered still. Any thread may call it, at any time.
    func stop() { stopFlag.raise() }

    /// Replays until the trace or the limit ends or ``stop()`` is called, and every attempt that was sent is answered.
    ///
    /// - Throws: ``EngineError`` when the engine fails: its threads are then left to the end of the process.
    ///   ``TraceError`` when the trace cannot be read on, ``SystemError`` when not all of the log could be written: all
    ///   attempts that were sent are answered.
    func run() throws -> ReplayMeasures {
        engine.beginStream(at: .init(stream: trace.fingerprint, attempts: options.startAt))
        let sending = Result { try send() }
        try state.withLock { state throws(SystemError) in try state.log?.finish() }
        try sending.get()
        return state.withLock { $0.measures }
    }

    private func send() throws {
        if let rhythm = options.rhythm {
            try OpenLoop(
                trace, into: engine, rhythm: rhythm, options: options, clock: clock, stop: stopFlag, onAnswer: add
            ).run()
        } else {
            try ClosedLoop(trace, into: engine, options: options, stop: stopFlag, onAnswer: add).run()
        }
    }

    @Sendable
    private func add(_ batch: AnsweredBatch) {
        state.withLock { state in
            state.measures.add(batch)
            state.log?.add(batch)
            onProgress(state.measures.totals)
        }
    }

    /// The replay over time, as far as it has come.
    var timeline: ReplayTimeline {
        let startedAt = Timestamp(rawValue: startedAtMs * 1000)
        return state.withLock { $0.measures.timeline(startedAt: startedAt) }
    }
}
