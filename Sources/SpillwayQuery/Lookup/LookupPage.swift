import SpillwayParquet

/// A page of a column chunk; the whole chunk, if it has no page index, or a dictionary, without which pages of codes cannot
/// be read.
struct LookupPage {
    var rows: Range<Int>
    /// Between its least and its greatest value; nil if that is not known, or no integer.
    var range: ClosedRange<Int64>?
    /// With the page's header; nil for the whole chunk.
    private var place: (offset: UInt64, byteCount: Int)?

    /// Bytes to read.
    func byteCount(in chunk: ColumnChunkMetadata) -> Int { place?.byteCount ?? chunk.compressedByteCount }

    /// The page as a chunk of its own.
    func asChunk(of chunk: ColumnChunkMetadata) -> ColumnChunkMetadata {
        guard let place else { return chunk }
        var part = chunk
        part.dataPageOffset = place.offset
        part.compressedByteCount = place.byteCount
        part.valueCount = rows.count
        part.pages = []
        return part
    }

    static func all(of chunk: ColumnChunkMetadata) -> [LookupPage] {
        guard !chunk.pages.isEmpty, chunk.dictionaryPageOffset == nil else {
            return [LookupPage(rows: 0..<chunk.valueCount, range: range(chunk.min, chunk.max))]
        }
        return chunk.pages.indices.map { index in
            let page = chunk.pages[index]
            let end = index + 1 < chunk.pages.count ? chunk.pages[index + 1].firstRow : chunk.valueCount
            return LookupPage(
                rows: page.firstRow..<end, range: range(page.min, page.max), place: (page.offset, page.byteCount))
        }
    }

    private static func range(_ min: [UInt8]?, _ max: [UInt8]?) -> ClosedRange<Int64>? {
        guard let min, let max, let least = Int64(littleEndianBytes: min), let greatest = Int64(littleEndianBytes: max),
            least <= greatest
        else { return nil }
        return least...greatest
    }
}

/// The values of a page that stay in memory, each within reach.
final class KeptPage: Sendable {
    let values: PackedIntegers
    /// Of identities, unless their row group has one.
    let filter: BloomFilter?

    init(values: PackedIntegers, filter: BloomFilter?) {
        self.values = values
        self.filter = filter
    }

    var byteCount: Int { values.byteCount + (filter?.byteCount ?? 0) }

    /// Hands out those of the values that are there, and their rows, counted from the page's first.
    func find(_ sought: ArraySlice<Int64>, _ body: (_ row: Int, _ value: Int64) -> Void) {
        for value in filter.map({ $0.passing(sought)[...] }) ?? sought {
            if let row = values.firstIndex(of: value) { body(row, value) }
        }
    }
}
