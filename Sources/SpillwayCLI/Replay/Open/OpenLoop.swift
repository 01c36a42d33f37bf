import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayTrace

/// Sends a trace's attempts when they are due, never waiting for an answer: whoever signs up does not wait for those
/// before, so a slow engine must not slow the traffic down that it is measured by.
///
/// One thread reads the trace ahead, the senders hand batches over, one at a time and in the trace's order, and one
/// more takes the answers.
final class OpenLoop: Sendable {
    private struct Turn {
        var batches: DueBatches
        /// When the first attempt is due; nil before it.
        var startNs: Int64?
    }
    private struct Outcome {
        var runningSenders: Int
        var isCollected = false
        var traceFailure: TraceError?
        var engineFailure: EngineError?
    }

    private let engine: Engine
    private let clock: any ReplayClock
    private let stop: StopFlag
    private let senders: Int
    private let reader: SliceReader
    /// Held from the choice of a batch until it is due.
    private let turn: Monitor<Turn>
    private let line = UnansweredLine()
    private let outcome: Monitor<Outcome>
    private let onAnswer: @Sendable (AnsweredBatch) -> Void

    /// - Parameter onAnswer: Called for each batch, one at a time.
    init(
        _ trace: any Trace, into engine: Engine, rhythm: Pace.Rhythm, options: Replay.Options,
        clock: any ReplayClock, stop: StopFlag, onAnswer: @escaping @Sendable (AnsweredBatch) -> Void
    ) {
        self.engine = engine
        self.clock = clock
        self.stop = stop
        self.onAnswer = onAnswer
        senders = options.producers
        reader = SliceReader(trace)
        turn = Monitor(Turn(batches: DueBatches(reader, rhythm: rhythm, options)))
        outcome = Monitor(Outcome(runningSenders: options.producers))
    }

    /// Runs until the trace ends or the replay is stopped, and every attempt that was sent is answered.
    ///
    /// - Throws: As ``Replay/run()``.
    func run() throws {
        _ = WorkerThread { [self] in reader.run() }
        _ = WorkerThread { [self] in collect() }
        for _ in 0..<senders {
            _ = WorkerThread { [self] in send() }
        }
        let (traceFailure, engineFailure) = outcome.wait(until: { $0.isCollected || $0.engineFailure != nil }) {
            ($0.traceFailure, $0.engineFailure)
        }
        reader.stop()
        if let engineFailure { throw engineFailure }
        if let traceFailure { throw traceFailure }
    }

    // MARK: Senders

    private func send() {
        // Traffic comes whether the engine has a processor to spare or not.
        CurrentThread.runPromptly()
        var batch = RegistrationBatch()
        do {
            while let sent = try waitForTurn(&batch) {
                let ticket = try engine.submit(batch, advancing: sent.place)
                line.append(
                    UnansweredBatch(
                        ticket: ticket, countries: batch.country, position: sent.place.lowerBound,
                        dueNs: sent.dueNs, sentNs: sent.sentNs))
            }
        } catch let error as EngineError {
            fail(error)
        } catch {
            outcome.withLock { $0.traceFailure = $0.traceFailure ?? error as? TraceError }
        }
        let isLast = outcome.withLock { outcome in
            outcome.runningSenders -= 1
            return outcome.runningSenders == 0
        }
        if isLast { line.close() }
    }

    private struct Sent {
        var place: Range<UInt64>
        var dueNs: Int64
        var sentNs: Int64
    }

    /// Returns when the next batch is due; nil if there is none, or the replay is stopped.
    private func waitForTurn(_ batch: inout RegistrationBatch) throws -> Sent? {
        try turn.withLock { turn in
            guard let due = try turn.batches.next(&batch) else { return nil }
            line.waitForRoom()
            let startNs = turn.startNs ?? clock.nowNs
            turn.startNs = startNs
            guard clock.wait(untilNs: startNs + due.lastNs, unless: stop) else { return nil }
            return Sent(place: due.place, dueNs: startNs + due.firstNs, sentNs: clock.nowNs)
        }
    }

    // MARK: Answers

    private func collect() {
        var waiting: [UnansweredBatch] = []
        do throws(EngineError) {
            while true {
                line.take(into: &waiting)
                guard let oldest = waiting.first else { break }
                _ = try oldest.ticket.wait()
                try takeAnswers(from: &waiting)
            }
        } catch {
            fail(error)
        }
        outcome.withLock(notify: true) { $0.isCollected = true }
    }

    /// Stamps each answer that there is before anything else is done with it.
    private func takeAnswers(from waiting: inout [UnansweredBatch]) throws(EngineError) {
        var answers: [(answer: Acknowledgement, ns: Int64)] = []
        for batch in waiting {
            guard let answer = try batch.ticket.poll() else { break }
            answers.append((answer, clock.nowNs))
        }
        var attempts = 0
        for (batch, (answer, answeredNs)) in zip(waiting, answers) {
            var totals = ReplayTotals()
            totals.add(answer.outcomes, of: batch.countries)
            attempts += totals.attempts
            onAnswer(
                AnsweredBatch(
                    dueNs: batch.dueNs, sentNs: batch.sentNs, answeredNs: answeredNs, totals: totals))
        }
        waiting.removeFirst(answers.count)
        line.answered(batches: answers.count, attempts: attempts)
    }

    private func fail(_ error: EngineError) {
        stop.raise()
        line.close()
        outcome.withLock(notify: true) { $0.engineFailure = $0.engineFailure ?? error }
    }
}
