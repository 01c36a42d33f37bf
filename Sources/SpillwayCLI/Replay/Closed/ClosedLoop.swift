import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayTrace

/// Sends a trace's attempts as fast as the engine takes them, from several threads.
final class ClosedLoop: Sendable {
    private struct State {
        var runningProducers: Int
        /// The trace cannot be read on; what was read is kept.
        var traceFailure: TraceError?
        /// The engine acknowledges nothing more.
        var engineFailure: EngineError?
    }

    private let trace: any Trace
    private let engine: Engine
    private let options: Replay.Options
    private let stop: StopFlag
    private let order: SliceOrder
    private let state: Monitor<State>
    private let onAnswer: @Sendable (AnsweredBatch) -> Void

    /// - Parameter onAnswer: Called for each batch, on any producer's thread.
    init(
        _ trace: any Trace, into engine: Engine, options: Replay.Options, stop: StopFlag,
        onAnswer: @escaping @Sendable (AnsweredBatch) -> Void
    ) {
        self.trace = trace
        self.engine = engine
        self.options = options
        self.stop = stop
        self.onAnswer = onAnswer
        order = SliceOrder(sliceCount: trace.sliceCount, limit: options.limit)
        state = Monitor(State(runningProducers: options.producers))
    }

    /// Runs until the trace or the limit ends or the replay is stopped, and every attempt that was sent is answered.
    ///
    /// - Throws: As ``Replay/run()``.
    func run() throws {
        for _ in 0..<options.producers {
            _ = WorkerThread { [self] in produce() }
        }
        let (traceFailure, engineFailure) = state.wait(
            until: { $0.runningProducers == 0 || $0.engineFailure != nil }
        ) { ($0.traceFailure, $0.engineFailure) }
        if let engineFailure { throw engineFailure }
        if let traceFailure { throw traceFailure }
    }

    private func produce() {
        var producer = Producer(engine: engine, onAnswer: onAnswer)
        do throws(EngineError) {
            var slice = TraceSlice()
            while !stop.isUp, let index = order.takeSlice(), let place = place(of: index, &slice) {
                try submit(slice, at: place, &producer)
            }
            try producer.settleAll()
        } catch {
            order.stop()
            state.withLock(notify: true) { $0.engineFailure = $0.engineFailure ?? error }
        }
        state.withLock(notify: true) { $0.runningProducers -= 1 }
    }

    /// Reads a slice; nil if it, or one before it, cannot be read.
    private func place(of index: Int, _ slice: inout TraceSlice) -> Range<UInt64>? {
        do throws(TraceError) {
            try trace.readSlice(index, into: &slice)
            return order.place(index, count: slice.count)
        } catch {
            order.stop()
            state.withLock { $0.traceFailure = $0.traceFailure ?? error }
            return nil
        }
    }

    private func submit(
        _ slice: TraceSlice, at place: Range<UInt64>, _ producer: inout Producer
    ) throws(EngineError) {
        var row = Int(min(UInt64(place.count), options.startAt - min(options.startAt, place.lowerBound)))
        while row < place.count {
            let end = min(row + options.batchSize, place.count)
            let start = place.lowerBound + UInt64(row)
            try producer.submit(slice.batch, row..<end, advancing: start..<start + UInt64(end - row))
            try producer.settleOldest()
            row = end
        }
    }
}
