import SpillwayEngine
import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayQuery
@testable import SpillwayStore

/// Ranges of identities in a row group of several pages, in order of identity within each country.
struct RangeCounterTests {
    private let directory = TemporaryDirectory()
    /// Ten pages: one with both countries, and with the ends of the order by sign at most one more.
    private let registrations = randomRegistrations(
        20_000, seed: 31, countries: Array(repeating: "BR", count: 7) + ["DE"])
    private let identities: [Int64]
    private let path: String
    private let file: any File
    /// With the pages of its columns.
    private let metadata: RowGroupMetadata
    private var pages: [PageMetadata] { metadata.columns[SegmentColumn.identity.rawValue].pages }

    init() throws {
        identities = registrations.map { Int64(bitPattern: $0.identity.rawValue) }
        let engine = try Engine.open(at: directory.path, configuration: smallConfiguration())
        try engine.ingest(registrations, batchSize: 10_000)
        try engine.close()
        _ = try Compaction(storeAt: directory.path, system: PosixSystem()).run()
        let name = try #require(PosixSystem().list(directory.path).first { $0.hasPrefix("merged-") })
        path = directory.path(name)
        file = try PosixSystem().open(path, .read)
        var footer = try SegmentFooter(reading: file)
        try footer.loadPageIndexes(from: file)
        metadata = try #require(footer.rowGroups.first)
        try #require(footer.rowGroups.count == 1 && pages.count == 10)
    }

    /// From and to the ends of pages and of 64 bits, and whatever lies next to them.
    private var filters: [RangeFilter] {
        var random = SplitMix64(seed: 32)
        var points: [Int64] = [.min, -1, 0, .max, Int64(bitPattern: random.next())]
        for end in pages.flatMap({ [$0.min, $0.max] }) {
            guard let value = Int64(littleEndianBytes: end) else { continue }
            points += [value - 1, value, value + 1]
        }
        return (0..<40).map { _ in
            let ends = (0..<2).map { _ in points.randomElement(using: &random) ?? 0 }
            return RangeFilter(.identity, from: ends[0], to: ends[1])
        }
    }

    private func expected(_ filter: RangeFilter) -> Int { identities.count(where: filter.contains) }

    private func count(
        _ filter: RangeFilter, _ change: (inout ColumnChunkMetadata) -> Void = { _ in }
    ) throws(StoreError) -> Int {
        var metadata = metadata
        change(&metadata.columns[SegmentColumn.identity.rawValue])
        var counter = RangeCounter()
        var counts = [5, 0]
        let halves = [0..<metadata.rowCount / 2, metadata.rowCount / 2..<metadata.rowCount]
        try counter.count(
            filter, of: metadata, file, in: halves.map { GroupNumbers.Run(number: 1, rows: $0) }, into: &counts)
        #expect(counts[0] == 5)
        return counts[1]
    }

    private func cuts(_ filter: RangeFilter, _ page: PageMetadata) -> Bool {
        PhysicalType.int64.integerRange(page.min, page.max).map { filter.relation(to: $0) == .some } ?? true
    }

    /// With the file's index, one that was read before, and one that does not say enough.
    @Test func everyRangeCountsWhatIsInIt() throws {
        for filter in filters {
            let expected = expected(filter)
            #expect(try count(filter) == expected)
            #expect(try count(filter) { $0.pages = [] } == expected)
            #expect(try count(filter) { $0.pages[3].min = [] } == expected)
        }
    }

    @Test func groupsAreCountedEach() throws {
        let snapshot = try Snapshot(ofStoreAt: directory.path, threads: 2)
        for page in pages {
            guard let range = PhysicalType.int64.integerRange(page.min, page.max) else { continue }
            let ends = [range.lowerBound, range.upperBound].map { Identity(rawValue: UInt64(bitPattern: $0)) }
            var query = Query()
            query.identities = min(ends[0], ends[1])...max(ends[0], ends[1])
            query.groupBy = [.country]
            #expect(try snapshot.run(query).rows == expectedRows(query, registrations, intervalUs: nil))
        }
    }

    /// What is not read cannot be found damaged; what is read and damaged is named.
    @Test func onlyPagesThatARangeCutsAreRead() throws {
        let file = try PosixSystem().open(path, .write)
        let end = pages[1].offset + UInt64(pages[1].byteCount)
        try file.write([file.readBytes(count: 1, at: end - 1)[0] ^ 1], at: end - 1)
        var errors = 0
        for filter in filters {
            guard cuts(filter, pages[1]) else {
                #expect(try count(filter) == expected(filter))
                continue
            }
            errors += 1
            let error = #expect(throws: StoreError.self) { try count(filter) }
            guard case .damaged(path, let offset, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(offset >= pages[1].offset && offset < end)
        }
        #expect(errors > 3 && errors < 37)
    }

    /// An index that passed its checksum and is wrong all the same.
    @Test func aPageThatDoesNotFitItsIndexIsAnError() throws {
        // One that is read by itself: two together have to fit both statistics together.
        let insides = pages.map { page in
            PhysicalType.int64.integerRange(page.min, page.max).map {
                RangeFilter(.identity, from: $0.lowerBound + 5, to: $0.upperBound - 5)
            }
        }
        let page = try #require(
            pages.indices.dropFirst().first { page in
                guard let inside = insides[page] else { return false }
                return [page - 1, page + 1].allSatisfy { !pages.indices.contains($0) || !cuts(inside, pages[$0]) }
            })
        let filter = try #require(insides[page])
        #expect(try count(filter) == expected(filter))
        #expect(throws: StoreError.self) { try count(filter) { $0.pages[page].min[0] ^= 1 } }
        #expect(throws: StoreError.self) { try count(filter) { $0.pages[page].max[0] ^= 1 } }
        #expect(throws: StoreError.self) { try count(filter) { $0.pages[page].firstRow += 1 } }
        #expect(throws: StoreError.self) { try count(filter) { $0.pages[page].byteCount -= 1 } }
        #expect(throws: StoreError.self) { try count(filter) { $0.pages[page].offset += 1 } }
    }
}
