import SpillwayPlatform
import SpillwayStore

/// How an engine shares out the memory that it may hold: as large row groups and as much buffer as asked for, unless
/// that would take more than a third of it; the identity index gets what is left.
struct MemoryPlan {
    private(set) var rowGroupRows: Int
    private(set) var bufferedRows: Int
    private(set) var encoderCount: Int
    /// Producers' routes, small buffers, metadata of row groups, and what the process itself takes.
    static let overheadBytes = 32 << 20
    private static let bytesPerBufferedRow = 24
    /// Smaller row groups cost more bytes a row, and files more metadata.
    private static let leastRowGroupRows = 64 << 10

    init(_ configuration: EngineConfiguration) {
        rowGroupRows = configuration.rowGroupRows
        bufferedRows = configuration.bufferedRows
        encoderCount = configuration.encoderCount
        let shards = configuration.shardCount
        let share = (configuration.memoryLimitBytes - Self.overheadBytes) / 3
        while bufferBytes(shardCount: shards) > share, encoderCount > 1 { encoderCount /= 2 }
        while bufferBytes(shardCount: shards) > share, rowGroupRows > Self.leastRowGroupRows {
            rowGroupRows = max(rowGroupRows / 2, Self.leastRowGroupRows)
            bufferedRows = min(bufferedRows, max(bufferedRows / 2, 4 * rowGroupRows))
        }
    }

    /// What row blocks, encoders and frames may take.
    private func bufferBytes(shardCount: Int) -> Int {
        // Each shard has a block that is not full in every epoch under way.
        let blocks = bufferedRows / RowBlock.capacity + shardCount * (Intake.maximumEpochsInFlight + 1)
        // A row group is up to half as large again as a good one; its encoder has 30 bytes a row for rows in their
        // buckets, 4 of codes, up to 30 of pages, and the integers of a page or two; a frame holds up to 26 a row for as
        // long as its epoch, or a settlement beside these, is under way. One encoder more is for settlements.
        let encoding = (encoderCount + 1) * (rowGroupRows + rowGroupRows / 2) * 68
        let frames = (Intake.maximumEpochsInFlight + 1) * rowGroupRows * 26
        // Views have rows that wait in the journal, or are being settled, in columns.
        let journaled = min(bufferedRows, (Committer.settlementsPending + 1) * rowGroupRows) * 26
        return blocks * RowBlock.capacity * Self.bytesPerBufferedRow + encoding + frames + journaled
    }

    /// The largest file that compaction makes beside the engine's other work: it keeps the file's Bloom filters in
    /// memory, an eighth of it, twice.
    static func compactedBytes(_ configuration: EngineConfiguration) -> Int {
        min(configuration.segmentBytes, configuration.memoryLimitBytes / 4)
    }

    /// What compaction may take: rows, decoded columns, encoder and frame of one row group, and Bloom filters.
    private func compactionBytes(_ configuration: EngineConfiguration) -> Int {
        configuration.compactsInBackground ? rowGroupRows * 136 + Self.compactedBytes(configuration) / 3 : 0
    }

    /// How many registrations memory is taken for at once: no more than the index may ever hold, nor than leaves a
    /// third of the memory that the machine has to give at the moment.
    func expectedRegistrations(of configuration: EngineConfiguration) -> Int {
        guard configuration.expectedRegistrations > 0 else { return 0 }
        let available = Process.availableMemoryBytes ?? configuration.memoryLimitBytes
        return min(
            configuration.expectedRegistrations, configuration.indexBytes / IdentityIndex.leastBytesPerKey,
            available / Self.bytesPerExpectedRegistration)
    }

    /// 16 in the index at most, and half as much again that is left.
    private static let bytesPerExpectedRegistration = 24

    /// What is left for identities.
    func indexBytes(of configuration: EngineConfiguration) -> Int {
        configuration.memoryLimitBytes - Self.overheadBytes - bufferBytes(shardCount: configuration.shardCount)
            - compactionBytes(configuration)
    }
}
