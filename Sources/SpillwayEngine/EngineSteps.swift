import SpillwayPlatform
import SpillwayStore

/// The work of an engine that has no threads of its own, in single steps: a simulation decides what runs when, and
/// the same decisions give the same run.
package final class EngineSteps: Sendable {
    private struct Parts {
        let committer: Committer
        let appender: Appender
        let builder: RowGroupBuilder
    }
    private let parts: Monitor<Parts>
    private let pipeline: CommitPipeline
    private let intake: Intake

    init(committer: sending Committer, pipeline: CommitPipeline, intake: Intake, appender: sending Appender) {
        parts = Monitor(Parts(committer: committer, appender: appender, builder: pipeline.makeBuilder()))
        self.pipeline = pipeline
        self.intake = intake
    }

    /// Whether a batch of `rows` attempts can be submitted without waiting for room. If not, the steps to come make
    /// some; whoever drives them must not wait for itself.
    package func hasRoom(for rows: Int) -> Bool { intake.asksForRoom(rows: rows) }

    /// Cuts an epoch if one is due; false if none is.
    package func cut() -> Bool { parts.withLock { $0.committer.step() } }

    /// Encodes a row group; false if none waits.
    package func encode() -> Bool { parts.withLock { pipeline.encodeNext($0.builder) } }

    /// Writes an epoch, or tries again one that did not fit the disk; false if none is ready.
    package func append() -> Bool { parts.withLock { $0.appender.step() } }
}
