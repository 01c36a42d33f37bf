import SpillwayModel

/// A batch that is judged, and whose outcomes wait for their commit.
public struct Ticket: Sendable {
    private let engine: Engine
    /// The commit that the outcomes wait for; 0 where they wait for none.
    private var epoch: UInt64
    /// What was decided: an answer only once the commit has come.
    package private(set) var outcomes: [OutcomeCode]

    init(engine: Engine, epoch: UInt64, outcomes: [OutcomeCode]) {
        self.engine = engine
        self.epoch = epoch
        self.outcomes = outcomes
    }

    /// Adds the ticket of the part of the batch that comes next.
    mutating func append(_ next: Ticket) {
        epoch = max(epoch, next.epoch)
        outcomes += next.outcomes
    }

    /// The answer, once it is as durable as the engine promises. Suspends; costs no thread.
    ///
    /// - Throws: ``EngineError/store(_:)`` if the commit fails. After a transient error (``EngineError/isTransient``)
    ///   the same ticket can be asked again: the commit may yet succeed.
    public var acknowledgement: Acknowledgement {
        get async throws(EngineError) {
            if try mustWait { try await engine.ledger.waitAsync(for: epoch) }
            return answer
        }
    }

    /// The answer, once it is as durable as the engine promises. Blocks the calling thread: for threads of your own.
    ///
    /// - Throws: ``EngineError/store(_:)`` if the commit fails. After a transient error (``EngineError/isTransient``)
    ///   the same ticket can be asked again: the commit may yet succeed.
    public func wait() throws(EngineError) -> Acknowledgement {
        var lap = StageLap(engine.meter)
        defer { lap.end(.handOff) }
        if try mustWait { try engine.ledger.wait(for: epoch) }
        return answer
    }

    /// Whether there is a commit to wait for; asks for it to come soon.
    private var mustWait: Bool {
        get throws(EngineError) {
            guard engine.configuration.durability != .memory, try !engine.ledger.isCommitted(epoch) else {
                return false
            }
            engine.intake.urge(epoch)
            return true
        }
    }

    /// The answer if there is one already; nil if its commit is still to come.
    ///
    /// - Throws: ``EngineError/store(_:)`` if the commit fails.
    package func poll() throws(EngineError) -> Acknowledgement? { try mustWait ? nil : answer }

    private var answer: Acknowledgement {
        Acknowledgement(durability: engine.configuration.durability, codes: outcomes)
    }
}
