import Spillway
import SpillwayPlatform

/// A thread that sends on schedule, and one that takes the acknowledgements and says when they came.
///
/// Epochs are answered in their order, and one sender's batches fall into epochs in the order in which they are sent:
/// so whoever waits for the oldest unanswered batch wakes when the next answer comes, and everything that it
/// answers stands at the head of the line.
final class Lane: Sendable {
    private struct Sent {
        var ticket: Ticket
        var intendedNs: Int64
        var sentNs: Int64
    }
    private struct Line {
        var sent: [Sent] = []
        var isOver = false
        var failure: (any Error)?
    }
    private let engine: Engine
    private let stream: ArrivalStream
    private let line = Monitor(Line())
    private let answered = Monitor<[AnsweredBatch]>([])

    init(engine: Engine, stream: ArrivalStream) {
        self.engine = engine
        self.stream = stream
    }

    func takeAnswered() -> [AnsweredBatch] { answered.withLock { $0 } }

    /// Sends until nothing arrives any more. What goes wrong is ``collect()``'s to tell.
    func send() {
        var failure: (any Error)?
        while failure == nil, let arrival = stream.take() {
            stream.wait(untilNs: arrival.intendedNs)
            let sentNs = stream.nowNs
            do {
                let ticket = try engine.submit(arrival.batch)
                let sent = Sent(ticket: ticket, intendedNs: arrival.intendedNs, sentNs: sentNs)
                let isFirst = line.withLock { line in
                    line.sent.append(sent)
                    return line.sent.count == 1
                }
                if isFirst { line.notify() }
            } catch {
                failure = error
            }
        }
        line.withLock(notify: true) { [failure] line in
            line.isOver = true
            line.failure = failure
        }
    }

    /// Takes acknowledgements until the last is there.
    func collect() throws {
        var waiting: [Sent] = []
        var answered: [AnsweredBatch] = []
        while true {
            let arrived = waiting.isEmpty ? waitForSent() : line.withLock { $0.sent.takeAll() }
            waiting += arrived
            guard let oldest = waiting.first else { break }
            _ = try oldest.ticket.wait()
            try take(from: &waiting, into: &answered)
        }
        if let failure = line.withLock({ $0.failure }) { throw failure }
        self.answered.withLock { [answered] in $0 = answered }
    }

    /// What was sent since, at least one batch of it; nothing once all is over.
    private func waitForSent() -> [Sent] {
        line.wait(until: { !$0.sent.isEmpty || $0.isOver }) { $0.sent.takeAll() }
    }

    /// Stamps each answer that there is before anything else is done with it.
    private func take(from waiting: inout [Sent], into answered: inout [AnsweredBatch]) throws {
        var acknowledgements: [Acknowledgement] = []
        let first = answered.count
        for sent in waiting {
            guard let acknowledgement = try sent.ticket.poll() else { break }
            answered.append(
                AnsweredBatch(intendedNs: sent.intendedNs, sentNs: sent.sentNs, answeredNs: stream.nowNs))
            acknowledgements.append(acknowledgement)
        }
        waiting.removeFirst(acknowledgements.count)
        for (offset, acknowledgement) in acknowledgements.enumerated() {
            let counts = acknowledgement.counts
            answered[first + offset].attempts = counts.accepted + counts.duplicates
            answered[first + offset].refused = counts.refused.values.reduce(0, +)
        }
    }
}

/// One batch's story, in nanoseconds from the stream's start.
struct AnsweredBatch: Sendable {
    var intendedNs: Int64
    var sentNs: Int64
    var answeredNs: Int64
    /// Attempts that were answered accepted or duplicate.
    var attempts = 0
    var refused = 0

    /// From the intended start, so that a late sender does not hide what a caller would have waited.
    var latencyNs: Int64 { answeredNs - intendedNs }
}

extension Array {
    fileprivate mutating func takeAll() -> [Element] {
        defer { self = [] }
        return self
    }
}
