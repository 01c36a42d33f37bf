import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTrace
import Synchronization

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
        var speedFactor: Double?
    }

    private struct State {
        var totals = ReplayTotals()
        var runningProducers: Int
        var pace: Pace?
        /// The trace cannot be read on; what was read is kept.
        var traceFailure: TraceError?
        /// The engine acknowledges nothing more.
        var engineFailure: EngineError?
    }

    private let trace: any Trace
    private let engine: Engine
    private let options: Options
    private let order: SliceOrder
    private let state: Monitor<State>
    private let onProgress: @Sendable (ReplayTotals) -> Void

    /// - Parameter onProgress: Called with the outcomes so far, on any producer's thread, one at a time.
    init(
        _ trace: any Trace, into engine: Engine, options: Options,
        onProgress: @escaping @Sendable (ReplayTotals) -> Void
    ) {
        self.trace = trace
        self.engine = engine
        self.options = options
        self.onProgress = onProgress
        order = SliceOrder(sliceCount: trace.sliceCount, limit: options.limit)
        state = Monitor(State(runningProducers: options.producers))
    }

    /// Replays until the trace or the limit ends, and every attempt is answered.
    ///
    /// - Throws: ``EngineError`` when the engine fails: its threads are then left to the end of the process.
    ///   ``TraceError`` when the trace cannot be read on: all attempts before are answered.
    func run() throws -> ReplayTotals {
        engine.beginStream(at: .init(stream: trace.fingerprint, attempts: options.startAt))
        for _ in 0..<options.producers {
            _ = WorkerThread { [self] in produce() }
        }
        let (totals, traceFailure, engineFailure) = state.wait(
            until: { $0.runningProducers == 0 || $0.engineFailure != nil }
        ) { ($0.totals, $0.traceFailure, $0.engineFailure) }
        if let engineFailure { throw engineFailure }
        if let traceFailure { throw traceFailure }
        return totals
    }

    private func produce() {
        do {
            var producer = Producer(engine: engine)
            var slice = TraceSlice()
            while let index = order.takeSlice() {
                try trace.readSlice(index, into: &slice)
                guard let place = order.place(index, count: slice.count) else { break }
                try submit(slice, at: place, &producer)
            }
            try producer.settleAll { add($0) }
        } catch let error as EngineError {
            order.stop()
            state.withLock(notify: true) { $0.engineFailure = $0.engineFailure ?? error }
        } catch {
            order.stop()
            state.withLock(notify: true) { state in
                state.traceFailure = state.traceFailure ?? error as? TraceError
            }
        }
        state.withLock(notify: true) { $0.runningProducers -= 1 }
    }

    private func submit(
        _ slice: TraceSlice, at place: Range<UInt64>, _ producer: inout Producer
    ) throws(EngineError) {
        var row = Int(min(UInt64(place.count), options.startAt - min(options.startAt, place.lowerBound)))
        let pace = row < place.count ? pace(from: slice.arrivedAt[row]) : nil
        while row < place.count {
            var end = min(row + options.batchSize, place.count)
            if let pace {
                end = slice.endOfGrain(from: row, to: end, widthUs: pace.grainUs)
                pace.wait(for: slice.arrivedAt[end - 1])
            }
            let start = place.lowerBound + UInt64(row)
            try producer.submit(slice.batch, row..<end, advancing: start..<start + UInt64(end - row))
            if pace == nil {
                try producer.settleOldest { add($0) }
            } else {
                try producer.settleAll { add($0) }
            }
            row = end
        }
    }

    /// The pace of the replay, which begins with the first attempt that is sent.
    private func pace(from arrival: Timestamp) -> Pace? {
        guard let factor = options.speedFactor else { return nil }
        return state.withLock { state in
            let pace = state.pace ?? Pace(factor: factor, firstArrival: arrival)
            state.pace = pace
            return pace
        }
    }

    private func add(_ part: ReplayTotals) {
        state.withLock { state in
            state.totals += part
            onProgress(state.totals)
        }
    }
}

/// One thread's batches that are under way.
private struct Producer {
    private struct Pending {
        var ticket: Ticket
        var countries: [Country]
    }

    private let engine: Engine
    private var batch = RegistrationBatch()
    /// Oldest first.
    private var pending: [Pending] = []

    /// Batches that wait for their commit at once: enough to keep it busy, few enough to be little memory.
    private static let maximumPending = 32

    init(engine: Engine) { self.engine = engine }

    mutating func submit(
        _ source: RegistrationBatch, _ rows: Range<Int>, advancing range: Range<UInt64>
    ) throws(EngineError) {
        batch.assign(source, rows)
        let ticket = try engine.submit(batch, advancing: range)
        pending.append(Pending(ticket: ticket, countries: batch.country))
    }

    /// Waits for the oldest batch if there are many.
    mutating func settleOldest(_ add: (ReplayTotals) -> Void) throws(EngineError) {
        if pending.count >= Self.maximumPending { try settle(1, add) }
    }

    mutating func settleAll(_ add: (ReplayTotals) -> Void) throws(EngineError) {
        try settle(pending.count, add)
    }

    private mutating func settle(_ count: Int, _ add: (ReplayTotals) -> Void) throws(EngineError) {
        if count == 0 { return }
        var totals = ReplayTotals()
        for batch in pending.prefix(count) {
            totals.add(try batch.ticket.wait().outcomes, of: batch.countries)
        }
        pending.removeFirst(count)
        add(totals)
    }
}

extension RegistrationBatch {
    /// Replaces what this holds by `rows` of another, in the memory that is there.
    fileprivate mutating func assign(_ other: RegistrationBatch, _ rows: Range<Int>) {
        removeAll()
        registeredAt += other.registeredAt[rows]
        identity += other.identity[rows]
        country += other.country[rows]
        platform += other.platform[rows]
        source += other.source[rows]
        latencyUs += other.latencyUs[rows]
    }
}

extension TraceSlice {
    /// The first row after `row` that arrives more than a grain later than it, `end` if there is none before.
    fileprivate func endOfGrain(from row: Int, to end: Int, widthUs: Int64) -> Int {
        let last = arrivedAt[row].rawValue &+ widthUs
        return arrivedAt[row + 1..<end].firstIndex { $0.rawValue > last } ?? end
    }
}
