import SpillwayPlatform
import SpillwayStore

/// The engine's own threads: one that cuts epochs, some that encode, one that writes, one that deletes.
struct EngineThreads: ~Copyable {
    private let committer: WorkerThread
    private let encoders: WorkerThreads
    private let appender: WorkerThread
    private let sweeper: WorkerThread

    init(
        committer: sending Committer, encoderCount: Int, pipeline: CommitPipeline, appender: sending Appender,
        sweeper: JournalSweeper
    ) {
        self.committer = WorkerThread { committer.run() }
        self.encoders = WorkerThreads(count: encoderCount) { pipeline.encode() }
        self.appender = WorkerThread { appender.run() }
        self.sweeper = WorkerThread { sweeper.run() }
    }

    /// Waits for all of them to end, which they do once the intake is closed or has failed.
    consuming func join() {
        committer.join()
        encoders.join()
        appender.join()
        sweeper.join()
    }
}
