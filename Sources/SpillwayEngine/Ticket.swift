import SpillwayModel

/// A batch that is judged, and whose outcomes wait for their commit.
public struct Ticket: Sendable {
    private let engine: Engine
    /// The commit that the outcomes wait for; 0 where they wait for none.
    private let epoch: UInt64
    private let outcomes: [OutcomeCode]

    init(engine: Engine, epoch: UInt64, outcomes: [OutcomeCode]) {
        self.engine = engine
        self.epoch = epoch
        self.outcomes = outcomes
    }

    /// The answer, once it is as durable as the engine promises. Suspends; costs no thread.
    ///
    /// - Throws: ``EngineError/store(_:)`` if the commit fails.
    public var acknowledgement: Acknowledgement {
        get async throws(EngineError) {
            if mustWait { try await engine.ledger.waitAsync(for: epoch) }
            return answer
        }
    }

    /// The answer, once it is as durable as the engine promises. Blocks the calling thread: for threads of your own.
    ///
    /// - Throws: ``EngineError/store(_:)`` if the commit fails.
    public func wait() throws(EngineError) -> Acknowledgement {
        if mustWait { try engine.ledger.wait(for: epoch) }
        return answer
    }

    /// Whether there is a commit to wait for; asks for it to come soon.
    private var mustWait: Bool {
        guard engine.configuration.durability != .memory, !engine.ledger.isCommitted(epoch) else { return false }
        engine.intake.urge(epoch)
        return true
    }

    private var answer: Acknowledgement {
        Acknowledgement(durability: engine.configuration.durability, codes: outcomes)
    }
}
