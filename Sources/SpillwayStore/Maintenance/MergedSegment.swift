import SpillwayParquet
import SpillwayPlatform

/// A segment in the making, of the rows of others: full row groups, each of about the same size and with a
/// Bloom filter of its identities. Used by one thread
/// at a time.
final class MergedSegment {
    let name: SegmentName
    private let file: any File
    private let layout: StoreLayout
    private let system: any System

    private let rowsPerGroup: Int
    private let pool: RowBlockPool
    /// Rows that are in no row group yet, and how many.
    private var blocks: [RowBlock] = []
    private var gatheredRows = 0
    private let builder: RowGroupBuilder
    private let frame = FrameBuffer()

    private var length: UInt64
    private var rowGroups: [RowGroupMetadata] = []
    private var bloomFilters: [BloomFilter] = []
    private var rollup = RollupSum()
    private let outcomes: OutcomeTally

    // Few, as a look-up reads a page of each column for a row.
    private static let pageRows = 2048
    private static let stringPageRows = 8192

    /// Memory that one merged segment after the other works in.
    struct Workshop {
        let pool = RowBlockPool()
        let builder = RowGroupBuilder(pageRows: MergedSegment.pageRows, stringPageRows: MergedSegment.stringPageRows)
    }

    /// Creates the file, where nobody looks for segments.
    ///
    /// - Parameters:
    ///   - rowCount: how many rows will come, at most.
    ///   - rowGroupRows: the most that a row group is to hold.
    ///   - outcomes: what became of attempts that brought no row.
    init(
        _ name: SegmentName, rowCount: Int, rowGroupRows: Int, outcomes: OutcomeTally, workshop: Workshop,
        _ layout: StoreLayout,
        _ system: any System
    ) throws {
        self.name = name
        self.outcomes = outcomes
        self.layout = layout
        self.system = system
        pool = workshop.pool
        builder = workshop.builder
        let groupCount = max(1, (rowCount + rowGroupRows - 1) / rowGroupRows)
        rowsPerGroup = max(1, (rowCount + groupCount - 1) / groupCount)
        do {
            try system.createDirectory(layout.compaction)
        } catch  where error.alreadyExists {}
        file = try system.open(layout.compaction(name), .create)
        try file.write(OpenSegment.magic, at: 0)
        length = UInt64(OpenSegment.magic.count)
    }

    deinit { pool.giveBack(blocks) }

    /// Appends the rows of a row group, without those of `identities`; returns how many these were.
    func append(_ rows: RowGroupReader, leavingOut identities: Set<UInt64>) throws -> Int {
        var leftOut = 0
        for row in 0..<rows.rowCount {
            if !identities.isEmpty, identities.contains(rows.identity(at: row)) {
                leftOut += 1
                continue
            }
            if blocks.last?.isFull ?? true { blocks.append(pool.take()) }
            rows.append(row: row, to: blocks[blocks.count - 1])
            gatheredRows += 1
            if gatheredRows == rowsPerGroup { try writeRowGroup() }
        }
        return leftOut
    }

    private func writeRowGroup() throws {
        builder.build(blocks, into: frame)
        guard let metadata = frame.rowGroup else { preconditionFailure("a segment's frame holds a row group") }
        try frame.withBody { (body) throws(SystemError) in try file.write(body, at: length) }
        rowGroups.append(metadata.rebased(by: length))
        bloomFilters.append(BloomFilter(identitiesOf: blocks))
        rollup.add(frame.rollup)
        length += UInt64(frame.bodyLength)
        pool.giveBack(blocks)
        blocks.removeAll(keepingCapacity: true)
        gatheredRows = 0
    }

    /// Writes what is left and the footer, and makes the file durable under its final name.
    func finish(lastEpoch: EpochMark) throws -> SealedSegment {
        if gatheredRows > 0 { try writeRowGroup() }
        try SegmentFooter(
            rowGroups: rowGroups, lastEpoch: lastEpoch, bloomFilters: bloomFilters, rollup: rollup.rollup,
            outcomes: outcomes
        ).write(to: file, at: length)
        let size = try file.size()
        try system.rename(layout.compaction(name), to: layout.sealed(name))
        try system.syncDirectory(layout.root)
        return SealedSegment(name: name, size: size, lastEpoch: lastEpoch, statistics: SegmentStatistics(rowGroups))
    }
}

extension BloomFilter {
    fileprivate init(identitiesOf blocks: [RowBlock]) {
        let identities = blocks.flatMap { block in
            UnsafeBufferPointer(start: block.rows, count: block.count).lazy.map { Int64(bitPattern: $0.identity) }
        }
        self.init(identities.span)
    }
}
