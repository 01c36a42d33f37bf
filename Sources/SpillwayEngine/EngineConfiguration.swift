import SpillwayModel
import SpillwayPlatform
import SpillwayStore

/// How an engine works; every setting has a default that suits a surge.
public struct EngineConfiguration: Sendable {
    /// What an acknowledgement promises. `synced`: nothing acknowledged is lost, whatever fails but the device.
    public var durability = Durability.synced

    /// Locks that the identity space is divided among, a power of two from 1 to 256. More than producers, so that
    /// two seldom meet.
    public var shardCount = 16

    /// Bytes that the engine may hold, recovery included: buffers, and an identity index of about 12 bytes an identity.
    /// When the index would pass it, new identities are refused with ``Refusal/Reason/memoryFull``; known ones are
    /// still answered. 128 MiB or more; by default three quarters of the machine's memory. Batches that were handed
    /// over are their owners', and a query has memory of its own (``Query``).
    public var memoryLimitBytes = Process.physicalMemoryBytes / 4 * 3

    /// Registrations to be ready for when the store is opened: the identity index is made large enough, and memory for
    /// it and for buffers is taken at once. Otherwise both come as they are needed, during the surge: on a virtual
    /// machine the first touch of memory costs more than all else that is done for a registration. Advice: more than
    /// ``memoryLimitBytes`` has room for, or the system has memory for, refuses nothing.
    public var expectedRegistrations = 0

    /// Times of registration that are taken; others are refused with ``Refusal/Reason/timestampOutOfRange``.
    /// By default the years 2000 to 2099.
    public var acceptedTimes: Range<Timestamp> = Timestamp.defaultAcceptedTimes

    /// How long an epoch may gather while nobody waits for it, in microseconds, so that pipelined producers get
    /// large row groups. An epoch that somebody waits for is committed as soon as the one before it is. Durability
    /// is not affected: what is not committed is not acknowledged.
    public var maximumCommitDelayUs = 50_000

    /// Size at which the open segment is sealed and enters the Delta table, in bytes. What is acknowledged is
    /// durable, and seen by queries through Spillway, before and after.
    public var segmentBytes = 256 << 20

    /// Age at which the open segment, or rows that wait in the journal, are sealed, in milliseconds: how far readers
    /// of the Delta table may be behind in calm hours.
    public var segmentAgeMs: Int64 = 300_000

    /// Whether small segments are merged into full ones beside the engine's other work, on a thread of low priority:
    /// calm hours leave many, which readers of the Delta table open one by one. Durability is not affected: a merged
    /// file takes the place of others once it is durable, and they stay until they are vacuumed.
    public var compactsInBackground = true

    public init() {}

    /// Rows that make a good row group; an epoch this large is committed without delay.
    package var rowGroupRows = 512 << 10
    /// Rows of a page of a row group.
    package var pageRows = RowGroupBuilder.defaultPageRows
    /// An epoch of as many rows goes straight into row groups; a smaller one to the journal.
    package var largeEpochRows = 64 << 10
    /// Bytes of a settled row group that are written and synced at a time, between epochs: what these may have to wait for.
    package var settlementPieceBytes = 256 << 10
    /// Bytes that a journal's file gets before it is needed, 0 for none. The next journal begins when they are used up:
    /// taking and giving back many at once holds up syncs of other files.
    package var journalReserveBytes = 2 << 20
    /// Rows that may be judged and not yet encoded; beyond, producers wait.
    package var bufferedRows = 4 << 20
    /// Threads that encode row groups.
    package var encoderCount = Self.usualEncoderCount
    /// The most that the identity index may take of the memory that buffers leave.
    package var indexBytes = Int.max
    /// Whether ``Engine/stageTimes`` are taken: some microseconds a batch.
    package var measuresStages = false
    /// Called after each commit, on the thread that commits.
    package var onCommit: (@Sendable (EngineCommit) -> Void)?

    /// The configuration as the engine works by it: no larger buffers than its memory allows, no longer waits than a
    /// clock can add up.
    func fitted() throws(EngineError) -> EngineConfiguration {
        try validate()
        let plan = MemoryPlan(self)
        var fitted = self
        fitted.rowGroupRows = plan.rowGroupRows
        fitted.bufferedRows = plan.bufferedRows
        fitted.encoderCount = plan.encoderCount
        fitted.indexBytes = min(indexBytes, plan.indexBytes(of: self))
        fitted.expectedRegistrations = plan.expectedRegistrations(of: fitted)
        fitted.maximumCommitDelayUs = min(maximumCommitDelayUs, Self.longestWaitUs)
        fitted.segmentAgeMs = min(segmentAgeMs, Int64(Self.longestWaitUs / 1000))
        return fitted
    }

    private func validate() throws(EngineError) {
        guard (1...256).contains(shardCount), shardCount & (shardCount - 1) == 0 else {
            throw .invalidConfiguration("shardCount is \(shardCount): give a power of two from 1 to 256")
        }
        guard memoryLimitBytes >= Self.minimumMemoryBytes else {
            throw .invalidConfiguration(
                "memoryLimitBytes is \(memoryLimitBytes): give \(Self.minimumMemoryBytes) (128 MiB) or more")
        }
        guard maximumCommitDelayUs >= 0, segmentBytes > 0, segmentAgeMs > 0 else {
            throw .invalidConfiguration("delays, sizes and ages cannot be negative, nor a segment empty")
        }
    }

    private static let minimumMemoryBytes = 128 << 20
    /// Some 36 000 years.
    private static let longestWaitUs = 1 << 60
    /// Those of the first thread that makes a configuration: whoever keeps others to fewer processors says so.
    private static let usualEncoderCount = Process.processorCount
}

/// What a commit brought.
package struct EngineCommit: Sendable {
    /// Attempts of the replayed stream whose outcomes are durable.
    package var durableAttempts: UInt64
    /// Registrations in the epoch.
    package var rowCount: Int
}

extension Timestamp {
    fileprivate static let defaultAcceptedTimes: Range<Timestamp> = {
        let first = Timestamp(rawValue: 946_684_800 * microsecondsPerSecond)  // 2000-01-01
        let end = Timestamp(rawValue: 4_102_444_800 * microsecondsPerSecond)  // 2100-01-01
        return first..<end
    }()
}
