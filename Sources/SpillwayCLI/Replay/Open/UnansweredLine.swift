import SpillwayEngine
import SpillwayModel
import SpillwayPlatform

/// A batch that was sent.
struct UnansweredBatch: Sendable {
    var ticket: Ticket
    var countries: [Country]
    /// Of its first attempt, in the trace.
    var position: UInt64
    var dueNs: Int64
    var sentNs: Int64
}

/// Batches between those who send them and who takes their answers.
///
/// Senders do not wait for answers. Only where more attempts or batches are unanswered than there is memory for do they
/// wait, and what they send then is as late as that makes it.
final class UnansweredLine: Sendable {
    static let maximumAttempts = 16 << 20
    static let maximumBatches = 64 << 10

    private struct State {
        var batches: [UnansweredBatch] = []
        /// Sent and not yet answered, those that were taken out included.
        var unansweredAttempts = 0
        var unansweredBatches = 0
        var isOver = false

        var hasRoom: Bool {
            unansweredAttempts < UnansweredLine.maximumAttempts && unansweredBatches < UnansweredLine.maximumBatches
        }
    }
    private let state = Monitor(State())

    /// Senders wait here before a batch's time is taken.
    func waitForRoom() {
        state.wait(until: { $0.hasRoom || $0.isOver }) { _ in }
    }

    /// In the trace's order, in which epochs are answered, whichever sender is first here.
    func append(_ batch: UnansweredBatch) {
        let isFirst = state.withLock { state in
            let index = (state.batches.lastIndex { $0.position < batch.position } ?? -1) + 1
            state.batches.insert(batch, at: index)
            state.unansweredAttempts += batch.countries.count
            state.unansweredBatches += 1
            return state.batches.count == 1
        }
        if isFirst { state.notify() }
    }

    /// No batch is sent any more.
    func close() { state.withLock(notify: true) { $0.isOver = true } }

    /// Moves what was sent since to the end of `batches`; waits for some if that is empty, and leaves it so once all is
    /// over.
    func take(into batches: inout [UnansweredBatch]) {
        let isIdle = batches.isEmpty
        batches += state.wait(until: { !isIdle || !$0.batches.isEmpty || $0.isOver }) { state in
            defer { state.batches = [] }
            return state.batches
        }
    }

    func answered(batches: Int, attempts: Int) {
        let mayWait = state.withLock { state in
            let wasFull = !state.hasRoom
            state.unansweredAttempts -= attempts
            state.unansweredBatches -= batches
            return wasFull
        }
        if mayWait { state.notify() }
    }
}
