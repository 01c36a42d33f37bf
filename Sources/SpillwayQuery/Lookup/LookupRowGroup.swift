import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// A row group as look-ups know it: where its pages are, and its rows once they are in memory.
///
/// Its rows are kept when look-ups have read as many of its bytes as it has: so whoever looks up little does not pay for
/// packing it, and nobody reads much more than twice what knowing before would have taken.
final class LookupRowGroup: Sendable {
    let metadata: RowGroupMetadata
    /// In the order of the columns.
    private let pages: [[ChunkPage]]
    private let memory: LookupMemory
    private let state: Monitor<State>

    private struct State {
        var kept: PackedRows?
        /// By look-ups, from the file; since it was last tried to keep the rows.
        var readByteCount = 0
        /// What keeping the rows takes, about, until it is known.
        var neededByteCount: Int
        /// Taken from ``memory``.
        var byteCount = 0
    }

    /// What to do about the rows.
    enum Access {
        case read
        /// Read them all and have them kept.
        case readAndKeep
        case kept(PackedRows)
    }

    /// What a page's place takes, about.
    private static let bytesPerPage = 128

    /// Reads the page indexes.
    init(_ metadata: RowGroupMetadata, _ file: any File, _ memory: LookupMemory) throws(StoreError) {
        self.metadata = metadata
        self.memory = memory
        pages = try file.reading { () throws(ParquetError) in
            var pages: [[ChunkPage]] = []
            for (index, chunk) in metadata.columns.enumerated() {
                let extents =
                    chunk.type == .byteArray
                    ? [] : try chunk.pageExtents(from: file, withRanges: index == SegmentColumn.identity.rawValue)
                pages.append(ChunkPage.all(of: chunk, extents))
            }
            return pages
        }
        state = Monitor(State(neededByteCount: metadata.compressedByteCount))
    }

    deinit { memory.giveBack(state.withLock { $0.byteCount }) }

    /// Takes memory for what is known of it already; false if there is not so much left.
    func takeMemory() -> Bool {
        let byteCount = pages.reduce(0) { $0 + $1.count * Self.bytesPerPage }
        guard memory.take(byteCount) else { return false }
        state.withLock { $0.byteCount += byteCount }
        return true
    }

    func pages(of column: SegmentColumn) -> [ChunkPage] { pages[column.rawValue] }

    func chunk(_ column: SegmentColumn, _ page: Int) -> ColumnChunkMetadata {
        pages[column.rawValue][page].asChunk(of: metadata.columns[column.rawValue])
    }

    /// Where the file has a filter of the row group's identities. One without a checksum is not relied on: damage to it
    /// would hide a registration.
    var reliableFilter: Range<UInt64>? {
        let chunk = metadata.columns[SegmentColumn.identity.rawValue]
        return chunk.bloomFilterChecksum == nil ? nil : chunk.bloomFilter
    }

    /// How a look-up gets at the rows; one alone is told to keep them, if it may.
    func access(mayKeep: Bool) -> Access {
        state.withLock { state in
            if let kept = state.kept { return .kept(kept) }
            guard mayKeep, state.readByteCount >= metadata.compressedByteCount,
                state.neededByteCount <= memory.freeBytes,
                // Without them, scans do not read the column.
                metadata.integerRange(of: .identity) != nil
            else { return .read }
            state.readByteCount = 0
            return .readAndKeep
        }
    }

    /// Counts what a look-up has read of the file.
    func hasRead(byteCount: Int) { state.withLock { $0.readByteCount += byteCount } }

    /// Keeps the rows, if there is room.
    func keep(_ plan: PackedRowsPlan) -> PackedRows? {
        state.withLock { $0.neededByteCount = plan.byteCount }
        guard memory.take(plan.byteCount) else { return nil }
        let rows = PackedRows(plan)
        let isKept = state.withLock { state in
            // Another look-up may have been as slow.
            guard state.kept == nil, let rows else { return false }
            state.kept = rows
            state.byteCount += plan.byteCount
            return true
        }
        if !isKept { memory.giveBack(plan.byteCount) }
        return rows
    }
}
