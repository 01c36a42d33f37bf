import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Counts the values of a column of integers that are in a range. Pages whose statistics say that all or none of theirs
/// are need not be read; the others are taken one by one: between being decoded, held against the statistics and counted,
/// their values stay in the cache. Used by one thread at a time.
struct RangeCounter: ~Copyable {
    private var decoder = ColumnChunkDecoder()
    private var bytes = ByteBuffer()
    /// Room for as many values as the largest chunk had, of which no more is touched than the largest page takes.
    private var values = ByteBuffer()

    /// Adds to the count of each run's number.
    mutating func count(
        _ range: RangeFilter, of metadata: RowGroupMetadata, _ file: any File, in runs: [GroupNumbers.Run],
        into counts: inout [Int]
    ) throws(StoreError) {
        var chunk = metadata.columns[range.column.rawValue]
        let pages = try Self.pages(of: &chunk, range.column, rowCount: metadata.rowCount, file)
        var tally = Tally(runs: runs, counts: counts)
        var next = 0
        while next < pages.count {
            var part = pages[next]
            let relation = range.relation(to: part)
            next += 1
            while next < pages.count, range.relation(to: pages[next]) == relation {
                part = part.joined(with: pages[next])
                next += 1
            }
            switch relation {
            case .none: break
            case .all: tally.add(part.rows) { $0.count }
            case .some: try count(range, of: part, chunk, file, &tally)
            }
        }
        counts = tally.counts
    }

    /// The parts of a chunk that have statistics. Times and latencies are in no order: each of their pages spans about what
    /// the chunk does.
    private static func pages(
        of chunk: inout ColumnChunkMetadata, _ column: SegmentColumn, rowCount: Int, _ file: any File
    ) throws(StoreError) -> [ChunkPage] {
        guard column == .identity else { return [.whole(chunk)] }
        if chunk.pages.isEmpty {
            try file.reading { () throws(ParquetError) in try chunk.loadPages(from: file, rowCount: rowCount) }
        }
        let pages = ChunkPage.all(of: chunk)
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
                        try decoder.forEachPage(bytes, chunk, in: room) { tally.add($0, at: firstRow + $1, range) }
                    }
                } else {
                    try values.withRoom(for: Int32.self, chunk.valueCount) { (room) throws(ParquetError) in
                        try decoder.forEachPage(bytes, chunk, in: room) { tally.add($0, at: firstRow + $1, range) }
                    }
                }
            }
        }
        if let bounds = tally.takeBounds() { try ColumnLoader.check(bounds, part.range, of: range.column, chunk, file) }
    }

    /// What was seen of the rows so far.
    private struct Tally {
        let runs: [GroupNumbers.Run]
        private(set) var counts: [Int]
        /// Of the values of a part.
        private var bounds: (min: Int64, max: Int64)?
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
            guard let start = values.baseAddress, !values.isEmpty else { return }
            let (least, greatest) = Value.bounds(of: start, count: values.count)
            bounds = (min(bounds?.min ?? .max, Int64(least)), max(bounds?.max ?? .min, Int64(greatest)))
            add(firstRow..<firstRow + values.count) { rows in
                let places = rows.lowerBound - firstRow..<rows.upperBound - firstRow
                return Value.count(
                    UnsafeBufferPointer(rebasing: values[places]), from: range.first, width: range.width)
            }
        }

        /// The least and the greatest value since the last time.
        mutating func takeBounds() -> (min: Int64, max: Int64)? {
            defer { bounds = nil }
            return bounds
        }
    }
}

extension RangeFilter {
    fileprivate func relation(to page: ChunkPage) -> Relation { page.range.map(relation) ?? .some }
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
