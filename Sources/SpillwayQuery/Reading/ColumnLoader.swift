import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// Decodes columns of one row source after the other into memory that it keeps. Used by one thread at a time.
///
/// Pages none of whose rows is wanted are passed over; what is loaded of such rows means nothing.
final class ColumnLoader {
    // Each holds as many values as the largest source had; those of the source's rows come first.
    /// Of the column of names last loaded, unless it came in ``runs``.
    private(set) var codes: [UInt16] = []
    private(set) var registeredAt: [Int64] = []
    private(set) var latencyUs: [Int32] = []
    private(set) var identities: [Int64] = []

    /// Of the column of names last loaded, if it came in runs.
    private(set) var runs: [CodeRun] = []
    /// Runs are taken for such if they are at least this long on average.
    private static let rowsPerRun = 32

    private let chunks = ChunkReader()

    /// Of all columns so far.
    var pageCounts: PageCounts { chunks.pageCounts }

    typealias RowFilter = (_ rows: Range<Int>) -> Bool

    /// Fills ``codes``; returns the names that they stand for.
    func loadCodes(_ column: QueryColumn, of source: RowSource) throws(StoreError) -> [String] {
        codes.grow(to: source.rowCount)
        switch source {
        case .rowGroup(let metadata, let file):
            let chunk = metadata.columns[column.segmentColumn.rawValue]
            return try chunks.read(chunk, file) { (bytes, decoder) throws(ParquetError) in
                try codes.withFirst(chunk.valueCount) { (codes) throws(ParquetError) in
                    try decoder.decode(bytes, chunk, into: codes)
                }
            }
        case .journal(let rows):
            for row in 0..<rows.count {
                codes[row] =
                    switch column {
                    case .region: Country.regionCodes[Int(rows.country[row].index)]
                    case .country: UInt16(rows.country[row].index)
                    case .platform: rows.platform[row].code
                    case .source: rows.source[row].code
                    }
            }
            return switch column {
            case .region: Region.allCases.map(\.rawValue)
            case .country: Country.codes
            case .platform, .source: Label.names
            }
        }
    }

    /// Fills ``runs`` if the column comes in long ones, and ``codes`` if not; returns the names that they stand for.
    func load(
        _ column: QueryColumn, of source: RowSource, where isWanted: RowFilter
    ) throws(StoreError) -> (names: [String], areInRuns: Bool) {
        guard case .rowGroup(let metadata, let file) = source else {
            return (try loadCodes(column, of: source), false)
        }
        runs.removeAll(keepingCapacity: true)
        codes.grow(to: source.rowCount)
        let chunk = metadata.columns[column.segmentColumn.rawValue]
        let maximumRuns = chunk.valueCount / Self.rowsPerRun + 1
        var areInRuns = true
        let names = try chunks.read(chunk, file) { (bytes, decoder) throws(ParquetError) in
            try codes.withFirst(chunk.valueCount) { (codes) throws(ParquetError) in
                var row = 0
                try decoder.forEachBlock(bytes, chunk, where: isWanted) { block in
                    if areInRuns {
                        if case .run(let code, let count) = block, runs.count < maximumRuns {
                            return runs.append(UInt16(code), count: count)
                        }
                        areInRuns = false
                        for run in runs { codes.put(.run(code: UInt32(run.code), count: run.count), at: &row) }
                    }
                    codes.put(block, at: &row)
                }
                return decoder.dictionary
            }
        }
        return (names, areInRuns)
    }

    /// Counts the rows of each code of a column without keeping the codes; names and counts are of one length.
    func histogram(
        of column: QueryColumn, in source: RowSource
    ) throws(StoreError) -> (names: [String], counts: [Int]) {
        guard case .rowGroup(let metadata, let file) = source else {
            let names = try loadCodes(column, of: source)
            var counts = [Int](repeating: 0, count: names.count)
            for code in codes[..<source.rowCount] { counts[Int(code)] += 1 }
            return (names, counts)
        }
        let chunk = metadata.columns[column.segmentColumn.rawValue]
        var counts = [Int](repeating: 0, count: 256)
        let names = try chunks.read(chunk, file) { (bytes, decoder) throws(ParquetError) in
            try decoder.forEachBlock(bytes, chunk) { block in
                switch block {
                case .run(let code, let count):
                    counts.grow(to: Int(code) + 1)
                    counts[Int(code)] += count
                case .codes(let codes):
                    guard let greatest = codes.max() else { return }
                    counts.grow(to: Int(greatest) + 1)
                    counts.withUnsafeMutableBufferPointer { counts in
                        for code in codes { counts[Int(code)] += 1 }
                    }
                }
            }
            return decoder.dictionary
        }
        counts.grow(to: names.count)
        return (names, Array(counts[..<names.count]))
    }

    func loadTimes(of source: RowSource, where isWanted: RowFilter = { _ in true }) throws(StoreError) {
        registeredAt.grow(to: source.rowCount)
        switch source {
        case .rowGroup(let metadata, let file):
            try decode(.registeredAt, of: metadata, file, into: &registeredAt, where: isWanted)
        case .journal(let rows):
            for row in 0..<rows.count { registeredAt[row] = rows.registeredAt[row].rawValue }
        }
    }

    func loadLatencies(of source: RowSource, where isWanted: RowFilter = { _ in true }) throws(StoreError) {
        latencyUs.grow(to: source.rowCount)
        switch source {
        case .rowGroup(let metadata, let file):
            let chunk = metadata.columns[SegmentColumn.latencyUs.rawValue]
            let seen = try chunks.read(chunk, file) { (bytes, decoder) throws(ParquetError) in
                var seen = SeenValues()
                try latencyUs.withFirst(chunk.valueCount) { (values) throws(ParquetError) in
                    try decoder.decode(bytes, chunk, into: values, where: isWanted) { page, _ in seen.add(page) }
                }
                return seen
            }
            try seen.check(against: metadata.integerRange(of: .latencyUs), .latencyUs, chunk, file)
        case .journal(let rows):
            for row in 0..<rows.count { latencyUs[row] = rows.latencyUs[row] }
        }
    }

    func loadIdentities(of source: RowSource, where isWanted: RowFilter = { _ in true }) throws(StoreError) {
        identities.grow(to: source.rowCount)
        switch source {
        case .rowGroup(let metadata, let file):
            try decode(.identity, of: metadata, file, into: &identities, where: isWanted)
        case .journal(let rows):
            for row in 0..<rows.count { identities[row] = Int64(bitPattern: rows.identity[row].rawValue) }
        }
    }

    private func decode(
        _ column: SegmentColumn, of metadata: RowGroupMetadata, _ file: any File, into room: inout [Int64],
        where isWanted: RowFilter
    ) throws(StoreError) {
        let chunk = metadata.columns[column.rawValue]
        let seen = try chunks.read(chunk, file) { (bytes, decoder) throws(ParquetError) in
            var seen = SeenValues()
            try room.withFirst(chunk.valueCount) { (values) throws(ParquetError) in
                try decoder.decode(bytes, chunk, into: values, where: isWanted) { page, _ in seen.add(page) }
            }
            return seen
        }
        try seen.check(against: metadata.integerRange(of: column), column, chunk, file)
    }
}
