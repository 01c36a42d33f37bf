import SpillwayParquet

/// A page of a column chunk, or several one after the other; the whole chunk, if it has no page index, or a dictionary,
/// without which pages of codes cannot be read.
struct ChunkPage {
    var rows: Range<Int>
    /// Between its least and its greatest value; nil if that is not known, or no integer.
    var range: ClosedRange<Int64>?
    /// With the page's header; nil for the whole chunk.
    private var place: Range<UInt64>?

    static func whole(_ chunk: ColumnChunkMetadata) -> ChunkPage {
        ChunkPage(rows: 0..<chunk.valueCount, range: chunk.type.integerRange(chunk.min, chunk.max))
    }

    /// - Parameter extents: of the chunk's pages; none if they are not known.
    static func all(of chunk: ColumnChunkMetadata, _ extents: [PageExtent]) -> [ChunkPage] {
        guard !extents.isEmpty, chunk.dictionaryPageOffset == nil else { return [whole(chunk)] }
        return extents.map {
            ChunkPage(rows: $0.rows, range: $0.range, place: $0.offset..<$0.offset + UInt64($0.byteCount))
        }
    }

    /// Bytes to read.
    func byteCount(in chunk: ColumnChunkMetadata) -> Int { place?.count ?? chunk.compressedByteCount }

    /// The page as a chunk of its own.
    func asChunk(of chunk: ColumnChunkMetadata) -> ColumnChunkMetadata {
        guard let place else { return chunk }
        var part = chunk
        part.dataPageOffset = place.lowerBound
        part.compressedByteCount = place.count
        part.valueCount = rows.count
        part.pages = []
        return part
    }

    /// The same with the page that comes next, as one.
    func joined(with next: ChunkPage) -> ChunkPage {
        var result = self
        result.rows = rows.lowerBound..<next.rows.upperBound
        result.range = range.flatMap { range in
            next.range.map { min(range.lowerBound, $0.lowerBound)...max(range.upperBound, $0.upperBound) }
        }
        result.place = place.flatMap { place in next.place.map { place.lowerBound..<$0.upperBound } }
        return result
    }
}
