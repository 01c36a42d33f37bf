import SpillwayEngine
import SpillwayModel
import SpillwayPlatform

/// One thread's batches that are under way.
struct Producer {
    private struct Pending {
        var ticket: Ticket
        var countries: [Country]
        var sentNs: Int64
    }

    private let engine: Engine
    private let onAnswer: @Sendable (AnsweredBatch) -> Void
    private var batch = RegistrationBatch()
    /// Oldest first.
    private var pending: [Pending] = []

    /// Batches that wait for their commit at once: enough to keep it busy, few enough to be little memory.
    private static let maximumPending = 32

    init(engine: Engine, onAnswer: @escaping @Sendable (AnsweredBatch) -> Void) {
        self.engine = engine
        self.onAnswer = onAnswer
    }

    mutating func submit(
        _ source: RegistrationBatch, _ rows: Range<Int>, advancing range: Range<UInt64>
    ) throws(EngineError) {
        batch.assign(source, rows)
        let sentNs = MonotonicClock.nowNs()
        let ticket = try engine.submit(batch, advancing: range)
        pending.append(Pending(ticket: ticket, countries: batch.country, sentNs: sentNs))
    }

    /// Waits for the oldest batch if there are many.
    mutating func settleOldest() throws(EngineError) {
        if pending.count >= Self.maximumPending { try settle(1) }
    }

    mutating func settleAll() throws(EngineError) { try settle(pending.count) }

    private mutating func settle(_ count: Int) throws(EngineError) {
        for batch in pending.prefix(count) {
            let answer = try batch.ticket.wait()
            let answeredNs = MonotonicClock.nowNs()
            var totals = ReplayTotals()
            totals.add(answer.outcomes, of: batch.countries)
            onAnswer(
                AnsweredBatch(dueNs: batch.sentNs, sentNs: batch.sentNs, answeredNs: answeredNs, totals: totals))
        }
        pending.removeFirst(count)
    }
}
