import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Counts the values of a column of integers that are in a range, page by page: between being decoded, held against the
/// statistics and counted, they stay in the cache. Used by one thread at a time.
struct RangeCounter: ~Copyable {
    private var decoder = ColumnChunkDecoder()
    private var bytes = ByteBuffer()
    // Each holds as many values as the largest row group had.
    private var wide: [Int64] = []
    private var narrow: [Int32] = []

    var pageCounts: PageCounts { decoder.pageCounts }

    /// Adds to the count of each run's number.
    mutating func count(
        _ range: RangeFilter, of metadata: RowGroupMetadata, _ file: any File, in runs: [GroupNumbers.Run],
        into counts: inout [Int]
    ) throws(StoreError) {
        let chunk = metadata.columns[range.column.rawValue]
        var tally = Tally(range: range, runs: runs, counts: counts)
        do throws(ParquetError) {
            try chunk.read(from: file, into: &bytes)
            try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
                if chunk.type == .int64 {
                    wide.grow(to: chunk.valueCount)
                    try wide.withFirst(chunk.valueCount) { (room) throws(ParquetError) in
                        try decoder.forEachPage(bytes, chunk, in: room) { tally.add($0, $1) }
                    }
                } else {
                    narrow.grow(to: chunk.valueCount)
                    try narrow.withFirst(chunk.valueCount) { (room) throws(ParquetError) in
                        try decoder.forEachPage(bytes, chunk, in: room) { tally.add($0, $1) }
                    }
                }
            }
        } catch {
            throw StoreError(error, path: file.path)
        }
        try tally.seen.check(against: metadata, range.column, file)
        counts = tally.counts
    }

    /// What was seen of the pages so far.
    private struct Tally {
        let range: RangeFilter
        let runs: [GroupNumbers.Run]
        var counts: [Int]
        private(set) var seen = SeenValues()
        /// The first run that may go on in the next page.
        private var run = 0

        init(range: RangeFilter, runs: [GroupNumbers.Run], counts: [Int]) {
            (self.range, self.runs, self.counts) = (range, runs, counts)
        }

        mutating func add<Value: ColumnInteger>(_ values: UnsafeBufferPointer<Value>, _ firstRow: Int) {
            seen.add(values)
            let rows = firstRow..<firstRow + values.count
            while run < runs.count, runs[run].rows.lowerBound < rows.upperBound {
                let part = runs[run].rows.clamped(to: rows)
                if !part.isEmpty {
                    let places = part.lowerBound - firstRow..<part.upperBound - firstRow
                    counts[runs[run].number] += Value.count(
                        UnsafeBufferPointer(rebasing: values[places]), from: range.first, width: range.width)
                }
                if runs[run].rows.upperBound > rows.upperBound { return }
                run += 1
            }
        }
    }
}
