import SpillwayEngine
import SpillwayModel

/// A process that has the store open for writing, and what it has not been answered yet.
struct SimulatedWriter {
    /// A batch that waits for its answer.
    struct Pending {
        var ticket: Ticket
        var batch: [Registration]
        var outcomes: [Outcome]
        /// How far the batch brings the stream, if it is of the stream.
        var position: UInt64?
    }

    let system: SimulatedSystem
    let engine: Engine
    let durability: Durability
    var pending: [Pending] = []
    /// How far the stream was sent.
    var sentAttempts: UInt64
    /// A sync has failed, and what was committed before has been answered.
    var mustBeSilent = false
    /// The engine has said that it is broken for good.
    var hasFailed = false

    var steps: EngineSteps {
        guard let steps = engine.steps else { preconditionFailure("the engine is driven by steps") }
        return steps
    }
}
