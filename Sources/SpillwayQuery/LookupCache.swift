import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// What look-ups read of row groups before any page: page indexes and Bloom filters. Kept for the next look-up in the
/// same segments, as long as there is room.
package final class LookupCache: Sendable {
    /// A column chunk's place: bytes of a segment never change.
    fileprivate struct Key: Hashable {
        var path: String
        var offset: UInt64
    }
    fileprivate struct State {
        var rowGroups: [Key: RowGroupMetadata] = [:]
        var filters: [Key: BloomFilter] = [:]
        var freeBytes: Int
    }
    private let state: Monitor<State>
    /// What a page's entry in an index takes, about.
    private static let bytesPerPage = 256

    /// - Parameter limitBytes: What is kept takes at most about so much memory.
    package init(limitBytes: Int) { state = Monitor(State(freeBytes: limitBytes)) }

    /// The row group with the pages of its columns of integers.
    func withPages(_ metadata: RowGroupMetadata, _ file: any File) throws(StoreError) -> RowGroupMetadata {
        let key = Key(metadata.columns[SegmentColumn.identity.rawValue], file)
        if let known = state.withLock({ $0.rowGroups[key] }) { return known }
        var result = metadata
        do throws(ParquetError) {
            for column in [SegmentColumn.registeredAt, .identity, .latencyUs] {
                let index = column.rawValue
                guard result.columns[index].pages.isEmpty else { continue }
                try result.columns[index].loadPages(from: file, rowCount: metadata.rowCount)
            }
        } catch {
            throw StoreError(error, path: file.path)
        }
        let pageCount = result.columns.reduce(result.columns.count) { $0 + $1.pages.count }
        let entry = result
        state.withLock { $0.keep(entry, \.rowGroups, key, byteCount: pageCount * Self.bytesPerPage) }
        return result
    }

    func holdsFilter(of chunk: ColumnChunkMetadata, _ file: any File) -> Bool {
        state.withLock { $0.filters[Key(chunk, file)] != nil }
    }

    /// The chunk's Bloom filter; nil if it has none.
    func filter(of chunk: ColumnChunkMetadata, _ file: any File) throws(StoreError) -> BloomFilter? {
        let key = Key(chunk, file)
        if let known = state.withLock({ $0.filters[key] }) { return known }
        do throws(ParquetError) {
            guard let filter = try chunk.readBloomFilter(from: file) else { return nil }
            state.withLock { $0.keep(filter, \.filters, key, byteCount: chunk.bloomFilter?.count ?? 0) }
            return filter
        } catch {
            throw StoreError(error, path: file.path)
        }
    }
}

extension LookupCache.Key {
    fileprivate init(_ chunk: ColumnChunkMetadata, _ file: any File) {
        self.init(path: file.path, offset: chunk.offset)
    }
}

extension LookupCache.State {
    fileprivate mutating func keep<Entry>(
        _ entry: Entry, _ entries: WritableKeyPath<Self, [LookupCache.Key: Entry]>, _ key: LookupCache.Key,
        byteCount: Int
    ) {
        guard byteCount <= freeBytes, self[keyPath: entries][key] == nil else { return }
        self[keyPath: entries][key] = entry
        freeBytes -= byteCount
    }
}
