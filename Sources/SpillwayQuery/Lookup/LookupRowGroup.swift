import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// A row group as look-ups know it: where its pages are, and what of them is in memory.
///
/// A page is kept when a look-up asks for it a second time: whoever looks up once does not pay for packing it.
final class LookupRowGroup: Sendable {
    /// With the pages of its columns of integers.
    let metadata: RowGroupMetadata
    /// In the order of the columns.
    private let pages: [[ChunkPage]]
    private let memory: LookupMemory
    private let state: Monitor<State>

    private struct State {
        var filter: BloomFilter?
        var hasReadFilter = false
        /// For each of ``pages``.
        var pages: [[PageState]]
        /// Taken from ``memory``.
        var byteCount = 0
    }

    private enum PageState {
        case unread, read
        case kept(KeptPage)
    }

    /// What to do about a page.
    enum Access {
        case read
        /// Read it and have it kept.
        case readAndKeep
        case kept(KeptPage)
    }

    /// What a page's place and state take, about.
    private static let bytesPerPage = 384

    /// Reads the page indexes.
    init(_ metadata: RowGroupMetadata, _ file: any File, _ memory: LookupMemory) throws(StoreError) {
        var result = metadata
        try file.reading { () throws(ParquetError) in
            for column in [SegmentColumn.registeredAt, .identity, .latencyUs] {
                let index = column.rawValue
                guard result.columns[index].pages.isEmpty else { continue }
                try result.columns[index].loadPages(
                    from: file, rowCount: metadata.rowCount, withBounds: column == .identity)
            }
        }
        self.metadata = result
        pages = result.columns.map(ChunkPage.all)
        self.memory = memory
        state = Monitor(State(pages: pages.map { Array(repeating: .unread, count: $0.count) }))
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

    /// How a look-up gets at a page; it is taken to read it if it has to.
    func access(_ column: SegmentColumn, _ page: Int) -> Access {
        state.withLock { state in
            switch state.pages[column.rawValue][page] {
            case .kept(let kept): return .kept(kept)
            case .read:
                let rowCount = pages[column.rawValue][page].rows.count
                let hasRoom =
                    rowCount <= PackedIntegers.maximumCount
                    && maximumByteCount(column, rowCount: rowCount) <= memory.freeBytes
                return hasRoom ? .readAndKeep : .read
            case .unread:
                state.pages[column.rawValue][page] = .read
                return .read
            }
        }
    }

    /// Keeps the values of a page, if there is room.
    func keep(_ values: UnsafeBufferPointer<Int64>, of column: SegmentColumn, _ page: Int) {
        let reserved = maximumByteCount(column, rowCount: values.count)
        guard memory.take(reserved) else { return }
        let kept = KeptPage(
            values: PackedIntegers(values, isSearched: column == .identity),
            filter: hasPageFilters(column) ? BloomFilter(values.span) : nil)
        let unused = state.withLock { state in
            // Two threads may have read it.
            if case .kept = state.pages[column.rawValue][page] { return reserved }
            state.pages[column.rawValue][page] = .kept(kept)
            state.byteCount += kept.byteCount
            return reserved - kept.byteCount
        }
        memory.giveBack(unused)
    }

    private func hasPageFilters(_ column: SegmentColumn) -> Bool { column == .identity && reliableFilter == nil }

    private func maximumByteCount(_ column: SegmentColumn, rowCount: Int) -> Int {
        PackedIntegers.maximumByteCount(count: rowCount, isSearched: column == .identity)
            + (hasPageFilters(column) ? BloomFilter.byteCount(valueCount: rowCount) : 0)
    }
}

// MARK: The file's Bloom filter
extension LookupRowGroup {
    /// Where the file has a filter of the row group's identities. One without a checksum is not relied on: damage to it
    /// would hide a registration.
    private var reliableFilter: Range<UInt64>? {
        let chunk = metadata.columns[SegmentColumn.identity.rawValue]
        return chunk.bloomFilterChecksum == nil ? nil : chunk.bloomFilter
    }

    /// Those of the identities, in their order, that the row group's filter does not rule out; nil if it is not in memory.
    func passingKeptFilter(_ identities: ArraySlice<Int64>) -> [Int64]? {
        state.withLock { $0.filter }?.passing(identities)
    }

    /// The same by way of the file; nil unless reading its filter costs less than the bytes that it may spare. Like a
    /// page, it is kept the second time.
    func passingFilter(
        _ identities: ArraySlice<Int64>, sparing byteCount: Int, _ file: any File, _ chunks: ChunkReader
    ) throws(StoreError) -> [Int64]? {
        guard let place = reliableFilter else { return nil }
        guard place.count < byteCount else { return nil }
        let chunk = metadata.columns[SegmentColumn.identity.rawValue]
        let isFirstTime = state.withLock { state in
            defer { state.hasReadFilter = true }
            return !state.hasReadFilter
        }
        if isFirstTime || place.count > memory.freeBytes {
            return try chunks.passingBloomFilter(identities, of: chunk, file)
        }
        guard let filter = try file.reading({ () throws(ParquetError) in try chunk.readBloomFilter(from: file) })
        else { return nil }
        keep(filter)
        return filter.passing(identities)
    }

    private func keep(_ filter: BloomFilter) {
        guard memory.take(filter.byteCount) else { return }
        let unused = state.withLock { state in
            if state.filter != nil { return filter.byteCount }
            state.filter = filter
            state.byteCount += filter.byteCount
            return 0
        }
        memory.giveBack(unused)
    }
}
