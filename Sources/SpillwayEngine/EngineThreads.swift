import SpillwayPlatform
import SpillwayStore

/// The engine's own threads: one that cuts epochs, some that encode, one that encodes what nobody waits for, one that writes,
/// one that looks after journals.
struct EngineThreads: ~Copyable {
    private let committer: WorkerThread
    private let encoders: WorkerThreads
    private let settler: WorkerThread
    private let appender: WorkerThread
    private let keeper: WorkerThread

    init(
        committer: sending Committer, encoderCount: Int, pipeline: CommitPipeline, appender: sending Appender,
        keeper: JournalKeeper
    ) {
        self.committer = WorkerThread { committer.run() }
        self.encoders = WorkerThreads(count: encoderCount) { pipeline.encode() }
        self.settler = WorkerThread {
            CurrentThread.lowerPriority()
            pipeline.settle()
        }
        self.appender = WorkerThread { appender.run() }
        self.keeper = WorkerThread {
            CurrentThread.lowerPriority()
            keeper.run()
        }
    }

    /// Waits for all of them to end, which they do once the intake is closed or has failed.
    consuming func join() {
        committer.join()
        encoders.join()
        settler.join()
        appender.join()
        keeper.join()
    }
}
