import Spillway

/// Who answers a question, and how.
enum QuestionEngine {
    /// A snapshot that was taken before.
    case held(Snapshot)
    /// A snapshot that is taken for it, of the store at a path.
    case opened(String)
    case peer(QueryPeer)

    var name: String {
        switch self {
        case .held: "Spillway"
        case .opened: "Spillway, opened anew"
        case .peer(let peer): peer.title
        }
    }

    var note: String? {
        guard case .peer(let peer) = self else { return nil }
        return "\(peer.title): \(peer.version)"
    }

    func answers(_ question: Question) -> Bool {
        guard case .peer = self else { return true }
        return question.peers != nil
    }

    /// How long it takes until the answer lies in memory.
    func ask(_ question: Question) throws -> (milliseconds: Double, answer: Question.Answer) {
        switch self {
        case .held(let snapshot): return try timed { try question.ask(snapshot) }
        case .opened(let path): return try timed { try question.ask(Snapshot(ofStoreAt: path)) }
        case .peer(let peer):
            let answer = try peer.answer(question.peers ?? [:])
            return (answer.milliseconds, .init(rows: answer.rows, registrations: answer.registrations))
        }
    }

    private func timed(_ body: () throws -> Question.Answer) throws -> (Double, Question.Answer) {
        var answer = Question.Answer(rows: 0, registrations: 0)
        let seconds = try Stopwatch.seconds { answer = try body() }
        return (seconds * 1000, answer)
    }
}
