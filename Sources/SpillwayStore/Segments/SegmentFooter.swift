import SpillwayParquet
import SpillwayPlatform

/// The footer of a segment, with what recovery needs to know of it beside Parquet's own.
package struct SegmentFooter {
    private enum Key {
        /// Of all that follows the row groups and their filters.
        static let checksum = EmbeddedChecksum.parquetKey
        static let epoch = "spillway.epoch"
        static let stream = "spillway.stream"
        static let position = "spillway.position"
        /// CRC-32C of the Bloom filter of each row group's identities, in hexadecimal, with commas between: Parquet has
        /// no checksum for filters, and one flipped bit would hide a registration.
        static let bloomFilters = "spillway.bloom_filters"
        /// Offset and length of the rollup, with a comma between.
        static let rollup = "spillway.rollup"
        /// The same of the tally of outcomes.
        static let outcomes = "spillway.outcomes"
    }

    /// More rows than any row group has: what claims more is damaged, and is not given memory.
    static let maximumRowGroupRows = 1 << 24

    package var rowGroups: [RowGroupMetadata]
    package var lastEpoch: EpochMark
    /// Of the identities of each row group; none in what ingestion writes.
    package var bloomFilters: [BloomFilter] = []
    /// Counts all rows, as ``Rollup/encoded`` gives it; nil if some cannot be counted, and in what was read.
    var rollup: [UInt8]?
    /// Where a file that was read has its rollup; nil if it has none.
    private(set) var rollupPlace: Range<UInt64>?
    /// What became of attempts that brought no row, as ``OutcomeTally/encoded`` gives it; nil if there were none, and in
    /// what was read.
    var outcomes: [UInt8]?
    /// Where a file that was read has that; nil if it has none.
    private(set) var outcomesPlace: Range<UInt64>?

    package init(
        rowGroups: [RowGroupMetadata], lastEpoch: EpochMark, bloomFilters: [BloomFilter] = [], rollup: Rollup? = nil,
        outcomes: OutcomeTally = OutcomeTally()
    ) {
        precondition(bloomFilters.isEmpty || bloomFilters.count == rowGroups.count)
        self.rowGroups = rowGroups
        self.lastEpoch = lastEpoch
        self.bloomFilters = bloomFilters
        self.rollup = rollup?.encoded
        self.outcomes = outcomes.isEmpty ? nil : outcomes.encoded
    }

    /// Appends the footer at the end of the file's row groups, and makes the file durable.
    package func write(to file: any File, at end: UInt64) throws {
        try serialized(at: end).withUnsafeBytes { (bytes) throws(SystemError) in try file.write(bytes, at: end) }
        try file.sync()
    }

    /// All that follows row groups that end at `end`: rollup, outcomes, Bloom filters, page indexes, metadata, its length, the
    /// magic.
    func serialized(at end: UInt64) -> ByteBuffer {
        var footer = ParquetFooter(
            schema: segmentSchema,
            rowGroups: rowGroups,
            keyValueMetadata: [
                Key.checksum: EmbeddedChecksum.placeholder,
                Key.epoch: String(lastEpoch.number),
                Key.stream: hexadecimal(lastEpoch.position.stream),
                Key.position: String(lastEpoch.position.attempts),
            ],
            createdBy: "spillway")
        var filters: [Int: [BloomFilter]] = [:]
        if !bloomFilters.isEmpty {
            filters[SegmentColumn.identity.rawValue] = bloomFilters
            footer.keyValueMetadata[Key.bloomFilters] =
                bloomFilters.map { String($0.checksum, radix: 16) }.joined(separator: ",")
        }
        var bytes = ByteBuffer()
        if let rollup {
            footer.keyValueMetadata[Key.rollup] = "\(end),\(rollup.count)"
            bytes.append(rollup)
        }
        if let outcomes {
            footer.keyValueMetadata[Key.outcomes] = "\(end + UInt64(bytes.count)),\(outcomes.count)"
            bytes.append(outcomes)
        }
        let countsEnd = bytes.count
        let filterByteCount = footer.serialize(at: end + UInt64(countsEnd), bloomFilters: filters, into: &bytes)
        let checked = countsEnd + filterByteCount..<bytes.count
        guard let (offset, digits) = bytes.withUnsafeBytes(in: checked, { EmbeddedChecksum.inParquet.digits(of: $0) })
        else {
            preconditionFailure("a footer has a place for its checksum")
        }
        for (index, digit) in digits.enumerated() {
            bytes.replace(at: checked.lowerBound + offset + index, littleEndian: digit)
        }
        return bytes
    }

    /// Reads a sealed segment's footer, and checks every byte that follows the row groups, but for the rollup, outcomes
    /// and filters: these are left in the file, for ``Rollup/init(reading:in:)``, ``OutcomeTally/init(reading:in:)`` and
    /// ``ColumnChunkMetadata/readBloomFilter(from:)``, which check them.
    package init(reading file: any File) throws {
        let footer = try ParquetFooter.read(from: file)
        rollupPlace = Self.place(footer.keyValueMetadata[Key.rollup])
        outcomesPlace = Self.place(footer.keyValueMetadata[Key.outcomes])
        try Self.checkEnd(of: file, footer, Self.places(rollupPlace, outcomesPlace))
        guard footer.schema == segmentSchema else {
            throw StoreError.damaged(path: file.path, offset: 0, problem: "its columns are not a segment's")
        }
        for rowGroup in footer.rowGroups where rowGroup.rowCount > Self.maximumRowGroupRows {
            throw StoreError.damaged(
                path: file.path, offset: 0, problem: "a row group claims \(rowGroup.rowCount) rows")
        }
        let values = footer.keyValueMetadata
        guard values[Key.rollup] == nil || rollupPlace != nil, values[Key.outcomes] == nil || outcomesPlace != nil
        else {
            throw StoreError.damaged(
                path: file.path, offset: 0, problem: "its footer does not say where its rollup or its outcomes are")
        }
        guard let epoch = values[Key.epoch].flatMap({ UInt64($0) }),
            let stream = values[Key.stream].flatMap({ UInt64($0, radix: 16) }),
            let attempts = values[Key.position].flatMap({ UInt64($0) }),
            EpochMark.isPossible(epoch: epoch, attempts: attempts)
        else {
            throw StoreError.damaged(path: file.path, offset: 0, problem: "its footer does not name its epoch")
        }
        rowGroups = footer.rowGroups
        lastEpoch = EpochMark(number: epoch, position: StreamPosition(stream: stream, attempts: attempts))
        if let checksums = values[Key.bloomFilters] { try adopt(bloomFilterChecksums: checksums, of: file) }
    }

    private mutating func adopt(bloomFilterChecksums text: String, of file: any File) throws {
        let checksums = text.split(separator: ",").map { UInt32($0, radix: 16) }
        let identity = SegmentColumn.identity.rawValue
        guard checksums.count == rowGroups.count, checksums.allSatisfy({ $0 != nil }),
            rowGroups.allSatisfy({ $0.columns[identity].bloomFilter != nil })
        else {
            throw StoreError.damaged(
                path: file.path, offset: 0, problem: "its Bloom filters are not those that its footer counts")
        }
        for group in rowGroups.indices { rowGroups[group].columns[identity].bloomFilterChecksum = checksums[group] }
    }

    /// Fills the row groups' pages.
    mutating func loadPageIndexes(from file: any File) throws(ParquetError) {
        for group in rowGroups.indices {
            for column in rowGroups[group].columns.indices {
                try rowGroups[group].columns[column].loadPages(from: file, rowCount: rowGroups[group].rowCount)
            }
        }
    }

    /// Where the last row group's pages end.
    var pagesEnd: UInt64 {
        rowGroups.lazy.flatMap(\.columns).map(\.byteRange.upperBound).max() ?? UInt64(OpenSegment.magic.count)
    }

    /// Where what ingestion writes as frames ends.
    var framesEnd: UInt64? { countsPlace?.lowerBound ?? start }

    /// Where all that the footer's checksum covers begins.
    var start: UInt64? { Self.start(rowGroups, countsPlace) }

    /// From rollup to outcomes.
    private var countsPlace: Range<UInt64>? { Self.places(rollupPlace, outcomesPlace) }

    private static func places(_ rollup: Range<UInt64>?, _ outcomes: Range<UInt64>?) -> Range<UInt64>? {
        guard let first = rollup ?? outcomes, let last = outcomes ?? rollup else { return nil }
        return first.lowerBound..<max(first.lowerBound, last.upperBound)
    }

    private static func start(_ rowGroups: [RowGroupMetadata], _ countsPlace: Range<UInt64>?) -> UInt64? {
        // Of a segment whose rows were all erased, everything but the counts is footer.
        if rowGroups.isEmpty { return countsPlace?.upperBound ?? UInt64(OpenSegment.magic.count) }
        return rowGroups.lazy.flatMap(\.columns).flatMap { [$0.columnIndex, $0.offsetIndex] }
            .compactMap { $0?.lowerBound }.min()
    }

    private static func place(_ text: String?) -> Range<UInt64>? {
        let numbers = (text ?? "").split(separator: ",").compactMap { UInt64($0) }
        guard numbers.count == 2, max(numbers[0], numbers[1]) < 1 << 62 else { return nil }
        return numbers[0]..<numbers[0] + numbers[1]
    }

    /// - Parameter counts: where rollup and outcomes are.
    private static func checkEnd(of file: any File, _ footer: ParquetFooter, _ counts: Range<UInt64>?) throws {
        let size = try file.size()
        let pagesEnd = SegmentFooter(rowGroups: footer.rowGroups, lastEpoch: .none).pagesEnd
        guard let start = start(footer.rowGroups, counts), start >= pagesEnd, start <= size,
            counts.map({ $0.lowerBound >= pagesEnd && $0.upperBound <= start }) ?? true
        else {
            throw StoreError.damaged(path: file.path, offset: size, problem: "its footer has no page index")
        }
        let bytes = try file.readBytes(count: Int(size - start), at: start)
        guard bytes.withUnsafeBytes({ EmbeddedChecksum.inParquet.verdict(on: $0) }) == .sound else {
            // What is damaged may be the very offset that `start` is, so the place is that of the footer's length.
            throw StoreError.damaged(
                path: file.path, offset: size - 8, problem: "the footer or a page index does not match its checksum")
        }
    }
}
