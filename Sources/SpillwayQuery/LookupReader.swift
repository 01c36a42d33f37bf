import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Finds identities in one source after the other. Used by one thread at a time.
final class LookupReader {
    /// Ascending, without repetitions.
    private let wanted: [Int64]
    private let marks: ValueMarks
    private let cache: LookupCache
    private let loader = ColumnLoader()
    private let picker = RowPicker()
    /// Scratch: rows of a page that may have a wanted identity.
    private var positions: [UInt32] = []

    init(wanted: [Int64], cache: LookupCache) {
        self.wanted = wanted
        self.cache = cache
        marks = ValueMarks(wanted)
    }

    func find(in source: RowSource) throws -> [Registration] {
        switch source {
        case .journal(let rows):
            return (0..<rows.count)
                .filter { wanted.sortedContains(Int64(bitPattern: rows.identity[$0].rawValue)) }
                .map { rows[$0] }
        case .rowGroup(let metadata, let file):
            let sought = wanted.part(in: metadata.integerRange(of: .identity))
            if sought.isEmpty { return [] }
            let metadata = try cache.withPages(metadata, file)
            var rows: [RowPicker.Row] = []
            for page in try screened(pages(of: metadata, sought), metadata, file) { try find(in: page, file, &rows) }
            return rows.isEmpty ? [] : try picker.registrations(rows, of: metadata, file)
        }
    }

    private func find(in page: Page, _ file: any File, _ rows: inout [RowPicker.Row]) throws {
        let identities = try loader.identities(of: page.chunk, file)
        identities.withUnsafeBufferPointer { identities in
            for position in positions[..<marks.find(in: identities, &positions)] {
                let identity = identities[Int(position)]
                guard page.wanted.sortedContains(identity) else { continue }
                rows.append(RowPicker.Row(index: page.firstRow + Int(position), identity: identity))
            }
        }
    }

    private struct Page {
        var firstRow: Int
        /// The page as a chunk of its own.
        var chunk: ColumnChunkMetadata
        /// Identities in the page's range.
        var wanted: ArraySlice<Int64>
    }

    /// The pages that may hold an identity that is sought. Without a page index, the chunk is taken for one page.
    private func pages(of metadata: RowGroupMetadata, _ sought: ArraySlice<Int64>) -> [Page] {
        metadata.columns[SegmentColumn.identity.rawValue].chunksOfPages.compactMap { page in
            var range: ClosedRange<Int64>?
            if let least = page.chunk.min.flatMap({ Int64(littleEndianBytes: $0) }),
                let greatest = page.chunk.max.flatMap({ Int64(littleEndianBytes: $0) }), least <= greatest
            {
                range = least...greatest
            }
            let wanted = sought.part(in: range)
            return wanted.isEmpty ? nil : Page(firstRow: page.firstRow, chunk: page.chunk, wanted: wanted)
        }
    }

    /// Leaves out what the row group's Bloom filter rules out, where it is at hand or reading it costs less than the
    /// pages do. A filter without a checksum is not relied on: damage to it would hide a registration.
    private func screened(_ pages: [Page], _ metadata: RowGroupMetadata, _ file: any File) throws -> [Page] {
        let chunk = metadata.columns[SegmentColumn.identity.rawValue]
        guard let place = chunk.bloomFilter, chunk.bloomFilterChecksum != nil else { return pages }
        let byteCount = pages.reduce(0) { $0 + $1.chunk.compressedByteCount }
        guard cache.holdsFilter(of: chunk, file) || place.count < byteCount,
            let filter = try cache.filter(of: chunk, file)
        else { return pages }
        return pages.compactMap { page in
            var page = page
            page.wanted = page.wanted.filter(filter.mightContain)[...]
            return page.wanted.isEmpty ? nil : page
        }
    }
}

extension ColumnChunkMetadata {
    /// The chunk's pages as chunks of their own, each with its least and greatest value; all in one if there is no page
    /// index, or a dictionary, without which pages of codes cannot be read.
    var chunksOfPages: [(firstRow: Int, chunk: ColumnChunkMetadata)] {
        guard !pages.isEmpty, dictionaryPageOffset == nil else { return [(0, self)] }
        let ends = pages.dropFirst().map(\.firstRow) + [valueCount]
        return zip(pages, ends).map { page, end in
            var part = self
            part.dataPageOffset = page.offset
            part.compressedByteCount = page.byteCount
            part.valueCount = end - page.firstRow
            (part.min, part.max) = (page.min, page.max)
            part.pages = []
            return (page.firstRow, part)
        }
    }
}

extension RandomAccessCollection where Element == Int64, Index == Int {
    /// The first index whose element is not below `value`, in an ascending collection.
    private func lowerBound(_ value: Int64) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func sortedContains(_ value: Int64) -> Bool {
        let index = lowerBound(value)
        return index < endIndex && self[index] == value
    }

    /// The elements of an ascending collection in a range; all if there is none.
    func part(in range: ClosedRange<Int64>?) -> SubSequence {
        guard let range else { return self[...] }
        let low = lowerBound(range.lowerBound)
        let high = range.upperBound == .max ? endIndex : lowerBound(range.upperBound + 1)
        return self[low..<Swift.max(low, high)]
    }
}
