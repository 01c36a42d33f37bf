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

    /// - Parameter extents: of the chunk's pages; none if they are not known.
    static func all(of chunk: ColumnChunkMetadata, _ extents: [PageExtent]) -> [LookupPage] {
        guard !extents.isEmpty, chunk.dictionaryPageOffset == nil else {
            return [LookupPage(rows: 0..<chunk.valueCount, range: chunk.type == .int64 ? chunk.integerRange : nil)]
        }
        return extents.map {
            LookupPage(rows: $0.rows, range: $0.range, place: (offset: $0.offset, byteCount: $0.byteCount))
        }
    }
}
