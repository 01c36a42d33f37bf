import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import Synchronization

/// Takes registrations from many threads or tasks at once, answers each, and keeps every accepted one in the store
/// exactly once.
///
/// ```swift
/// let engine = try Engine.open(at: "signups")
/// let acknowledgement = try await engine.ingest(batch)
/// for outcome in acknowledgement.outcomes { … }
/// try engine.close()
/// ```
///
/// The producers' own threads find duplicates, shard by shard; a committer gathers what is new into epochs; each
/// epoch is encoded, written and synced as a whole, and then its batches are answered.
public final class Engine: Sendable {
    let configuration: EngineConfiguration
    let system: any System
    let permutation: IdentityPermutation
    let shards: [Monitor<Shard>]
    let intake: Intake
    let ledger: CommitLedger
    let pool: RowBlockPool
    /// Where the next batch's round of the shards begins, so that producers spread out.
    let nextShard = Atomic<Int>(0)
    /// The last epoch that was cut. Held while one is, and while a stream begins: all shards are in the same stream then.
    let cutting: Monitor<UInt64>
    /// Nil if stages are not measured.
    let meter: StageMeter?
    /// Idle routes, for reuse.
    let idleRoutes = Monitor<[BatchRoute]>([])
    private let threads: Monitor<EngineThreads?>
    let compactor: Compactor?
    /// What the store holds.
    let contents: StoreContents
    let erasures = Monitor(ErasureGate.idle)
    /// The engine's work, if it has no threads to do it.
    package let steps: EngineSteps?

    /// The store's directory.
    public let path: String
    /// How far the store had brought the stream that was replayed into it, when it was opened.
    package let recoveredPosition: StreamPosition

    init(
        path: String, configuration: EngineConfiguration, permutation: IdentityPermutation,
        shards: [Monitor<Shard>], pool: RowBlockPool, encoderMemory: EncoderMemory, recovered: Committer.Recovered,
        store: sending Store, system: any System, drive: Drive
    ) {
        self.path = path
        self.configuration = configuration
        self.system = system
        self.permutation = permutation
        self.shards = shards
        self.pool = pool
        recoveredPosition = store.lastEpoch.position
        let lastMark = store.lastEpoch
        let contents = store.contents
        self.contents = contents
        let intake = Intake(
            configuration: configuration, system: system, gatheringEpoch: lastMark.number + 1,
            journaledRows: recovered.pending.reduce(0) { $0 + $1.count })
        let ledger = CommitLedger(committed: lastMark.number)
        let meter = configuration.measuresStages ? StageMeter(system: system) : nil
        self.meter = meter
        let pipeline = CommitPipeline(memory: encoderMemory, pool: pool, intake: intake, meter: meter)
        self.intake = intake
        self.ledger = ledger
        let cutting = Monitor(lastMark.number)
        self.cutting = cutting
        let committer = Committer(
            shards: shards, cutting: cutting, intake: intake, pipeline: pipeline, pool: pool,
            configuration: configuration, system: system, meter: meter, recovered: recovered)
        var compactor: Compactor?
        if configuration.compactsInBackground, drive == .threads {
            compactor = Compactor(storeAt: path, contents, configuration, system) { error in
                intake.fail(error)
                ledger.fail(error)
            }
        }
        self.compactor = compactor
        let keeper =
            drive == .threads
            ? JournalKeeper(
                reserveBytes: configuration.journalReserveBytes, layout: store.layout, system: system
            ) { error in
                intake.fail(.store(error))
                ledger.fail(.store(error))
            } : nil
        let appender = Appender(
            store: store, pipeline: pipeline, intake: intake, ledger: ledger, configuration: configuration,
            meter: meter, keeper: keeper, onSeal: { [compactor] in compactor?.wake() })
        if let keeper {
            threads = Monitor(
                EngineThreads(
                    committer: committer, encoderCount: configuration.encoderCount, pipeline: pipeline,
                    appender: appender, keeper: keeper))
            steps = nil
        } else {
            threads = Monitor(nil)
            steps = EngineSteps(committer: committer, pipeline: pipeline, intake: intake, appender: appender)
        }
    }

    /// Who does the engine's work.
    package enum Drive: Sendable {
        /// Threads of its own.
        case threads
        /// Whoever calls ``Engine/steps``.
        case steps
    }

    var shardBits: Int { shards.count.trailingZeroBitCount }

    /// Registrations in the store and in the epochs under way.
    ///
    /// - Complexity: O(shards)
    public var registrationCount: Int {
        shards.reduce(0) { total, shard in total + shard.withLock { $0.knownCount } }
    }

    /// What time went to since the engine was opened; nil unless its configuration asks for it.
    package var stageTimes: StageTimes? { meter?.times }

    /// Commits everything that was taken, seals it into the Delta table, and lets go of the store. Batches that
    /// come later are refused with ``Refusal/Reason/shuttingDown``. Blocks until all is durable. Calling it again
    /// does nothing.
    ///
    /// An engine that is not closed goes on running until the process ends.
    /// - Throws: ``EngineError/store(_:)`` if a write or sync has failed, now or earlier: what was acknowledged is
    ///   durable, and there when the store is opened again.
    public func close() throws(EngineError) {
        erasures.wait(until: { $0 != .erasing }) { $0 = .closed }
        intake.close()
        compactor?.close()
        if let running = threads.withLock({ $0.take() }) { running.join() }
        if let steps { while steps.cut() || steps.encode() || steps.append() {} }
        if let failure = intake.failure { throw failure }
    }

    /// Why small segments are no longer merged beside the engine's other work, if something is damaged or broken that
    /// this has found; nil while all is well.
    public var compactionFailure: EngineError? { compactor?.failure }
}
