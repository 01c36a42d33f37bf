import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Counts the values of a column of integers that are in a range. Pages none of whose rows can count, or whose statistics
/// say that all or none of their values are in it, need not be read; the others are taken one by one: between being decoded,
/// held against the statistics and counted, their values stay in the cache. Used by one thread at a time.
struct RangeCounter: ~Copyable {
    private var decoder = ColumnChunkDecoder()
    private var bytes = ByteBuffer()
    /// Room for as many values as the largest chunk had, of which no more is touched than the largest page takes.
    private var values = ByteBuffer()
    /// Pages that were not read.
    private var unread = 0

    var pageCounts: PageCounts {
        var counts = decoder.pageCounts
        counts.passedOver += unread
        return counts
    }

    /// Adds to the count of each run's number.
    mutating func count(
        _ range: RangeFilter, of metadata: RowGroupMetadata, _ file: any File, in runs: [GroupNumbers.Run],
        into counts: inout [Int]
    ) throws(StoreError) {
        let chunk = metadata.columns[range.column.rawValue]
        let pages = try Self.pages(of: chunk, range.column, file)
        var tally = Tally(runs: runs, counts: counts)
        var next = 0
        while next < pages.count {
            let first = next
            var part = pages[first]
            let relation = tally.relation(of: range, to: part)
            next += 1
            while next < pages.count, tally.relation(of: range, to: pages[next]) == relation {
                part = part.joined(with: pages[next])
                next += 1
            }
            if relation == .some {
                try count(range, of: part, chunk, file, &tally)
                continue
            }
            unread += next - first
            if relation == .all { tally.add(part.rows) { $0.count } }
        }
        counts = tally.counts
    }

    /// The parts of a chunk that have statistics. Times and latencies are in no order: each of their pages spans about what
    /// the chunk does.
    private static func pages(
        of chunk: ColumnChunkMetadata, _ column: SegmentColumn, _ file: any File
    ) throws(StoreError) -> [ChunkPage] {
        guard column == .identity else { return [.whole(chunk)] }
        let extents = try file.reading { () throws(ParquetError) in
            try chunk.pageExtents(from: file, withRanges: true)
        }
        let pages = ChunkPage.all(of: chunk, extents)
        return pages.allSatisfy { $0.range != nil } ? pages : [.whole(chunk)]
    }

    private mutating func count(
        _ range: RangeFilter, of part: ChunkPage, _ chunk: ColumnChunkMetadata, _ file: any File, _ tally: inout Tally
    ) throws(StoreError) {
        let chunk = part.asChunk(of: chunk)
        let firstRow = part.rows.lowerBound
        try file.reading { () throws(ParquetError) in
            try chunk.read(from: file, into: &bytes)
            try bytes.withUnsafeBytes { (bytes) throws(ParquetError) in
                if chunk.type == .int64 {
                    try values.withRoom(for: Int64.self, chunk.valueCount) { (room) throws(ParquetError) in
                        try decoder.forEachPage(
                            bytes, chunk, in: room, where: { tally.counts(anyOf: $0, behind: firstRow) },
                            { tally.add($0, at: firstRow + $1, range) })
                    }
                } else {
                    try values.withRoom(for: Int32.self, chunk.valueCount) { (room) throws(ParquetError) in
                        try decoder.forEachPage(
                            bytes, chunk, in: room, where: { tally.counts(anyOf: $0, behind: firstRow) },
                            { tally.add($0, at: firstRow + $1, range) })
                    }
                }
            }
        }
        try tally.takeSeen().check(against: part.range, range.column, chunk, file)
    }

    /// What was seen of the rows so far.
    private struct Tally {
        let runs: [GroupNumbers.Run]
        private(set) var counts: [Int]
        /// Of the values of a part.
        private var seen = SeenValues()
        /// The first run that may go on in the rows that follow.
        private var run = 0

        init(runs: [GroupNumbers.Run], counts: [Int]) { (self.runs, self.counts) = (runs, counts) }

        /// Adds what `count` says of those of the rows that are in a run, and goes on behind them.
        @inline(__always)
        mutating func add(_ rows: Range<Int>, _ count: (Range<Int>) -> Int) {
            while run < runs.count, runs[run].rows.lowerBound < rows.upperBound {
                let part = runs[run].rows.clamped(to: rows)
                if !part.isEmpty { counts[runs[run].number] += count(part) }
                if runs[run].rows.upperBound > rows.upperBound { return }
                run += 1
            }
        }

        mutating func add<Value: ColumnInteger>(
            _ values: UnsafeBufferPointer<Value>, at firstRow: Int, _ range: RangeFilter
        ) {
            seen.add(values)
            add(firstRow..<firstRow + values.count) { rows in
                let places = rows.lowerBound - firstRow..<rows.upperBound - firstRow
                return Value.count(
                    UnsafeBufferPointer(rebasing: values[places]), from: range.first, width: range.width)
            }
        }

        /// Those since the last time.
        mutating func takeSeen() -> SeenValues {
            defer { seen = SeenValues() }
            return seen
        }

        /// Whether any of the rows, so many further on, counts.
        func counts(anyOf rows: Range<Int>, behind firstRow: Int) -> Bool {
            runs.counts(anyOf: firstRow + rows.lowerBound..<firstRow + rows.upperBound)
        }

        /// How many of a page's values that may count are in a range.
        func relation(of range: RangeFilter, to page: ChunkPage) -> RangeFilter.Relation {
            guard runs.counts(anyOf: page.rows) else { return .none }
            return page.range.map(range.relation) ?? .some
        }
    }
}

extension ByteBuffer {
    /// Hands out room for values that are not initialised, and nobody asks for again.
    fileprivate mutating func withRoom<Value: BitwiseCopyable, Failure: Error>(
        for _: Value.Type, _ count: Int, _ body: (UnsafeMutableBufferPointer<Value>) throws(Failure) -> Void
    ) throws(Failure) {
        removeAll()
        try withRoom(count * MemoryLayout<Value>.stride) { (room) throws(Failure) in
            try body(room.bindMemory(to: Value.self))
            return 0
        }
    }
}
