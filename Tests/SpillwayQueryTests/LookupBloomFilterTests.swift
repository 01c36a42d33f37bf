import SpillwayEngine
import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayQuery
import SpillwayStore
import SpillwayTestSupport
import Testing

/// Look-ups in segments whose row groups have Bloom filters of their identities.
struct LookupBloomFilterTests {
    private let directory = TemporaryDirectory()
    private let registrations = randomRegistrations(20_000, seed: 8)

    /// One segment, of random identities: every page spans nearly all there are.
    private func makeStore(withFilters: Bool) throws -> (segment: String, rowGroups: [RowGroupMetadata]) {
        var configuration = smallConfiguration()
        configuration.segmentBytes = 64 << 20
        let engine = try Engine.open(at: directory.path, configuration: configuration)
        try engine.ingest(registrations, batchSize: 2000)
        try engine.close()
        let system = PosixSystem()
        let name = try #require(system.list(directory.path).first { $0.hasPrefix("part-") })
        let path = directory.path(name)
        if withFilters { try addBloomFilters(toSegmentAt: path) }
        return (path, try SegmentFooter(reading: system.open(path, .read)).rowGroups)
    }

    private func find(_ identities: [Identity]) throws -> [Registration?] {
        try Lookup(identities).run(onStoreAt: directory.path, threads: 1)
    }

    @Test func everyIdentityIsFound() throws {
        let (_, rowGroups) = try makeStore(withFilters: true)
        #expect(rowGroups.count > 3 && rowGroups.allSatisfy { $0.columns[1].bloomFilterChecksum != nil })
        #expect(try find(registrations.map(\.identity)) == registrations)
        for registration in registrations.prefix(50) {
            #expect(try find([registration.identity]) == [registration])
        }
    }

    /// Filters and pages come from the file at first, and rows stay in memory then.
    @Test func everyIdentityIsFoundAgain() throws {
        _ = try makeStore(withFilters: true)
        let snapshot = try Snapshot(ofStoreAt: directory.path, threads: 2)
        let some = registrations.filter { $0.identity.rawValue % 64 < 2 }
        let absent = some.map { Identity(rawValue: $0.identity.rawValue ^ 1 << 60) }
        for _ in 0..<4 {
            #expect(try snapshot.find(some.map(\.identity)) == some)
            #expect(try snapshot.find(absent).allSatisfy { $0 == nil })
        }
    }

    /// What is not read cannot be found damaged.
    @Test(arguments: [true, false]) func aRowGroupWithoutTheIdentityIsNotRead(_ hasFilters: Bool) throws {
        let (segment, rowGroups) = try makeStore(withFilters: hasFilters)
        var random = SplitMix64(seed: 9)
        let absent = (0..<20).map { _ in Identity(rawValue: random.next()) }
        try damage(.identity, of: rowGroups, in: segment)
        let misses = absent.filter { identity in
            do throws(QueryError) {
                return try Lookup([identity]).run(onStoreAt: directory.path, threads: 1) == [nil]
            } catch {
                return false
            }
        }
        // One in a hundred passes the filter of one of a few row groups.
        if hasFilters { #expect(misses.count >= 15) } else { #expect(misses.isEmpty) }
        #expect(throws: QueryError.self) { try find([registrations[0].identity]) }
    }

    /// A bit that is lost from a filter would hide a registration.
    @Test func aDamagedFilterIsNamed() throws {
        let (segment, rowGroups) = try makeStore(withFilters: true)
        let place = try #require(rowGroups[0].columns[1].bloomFilter)
        let file = try PosixSystem().open(segment, .write)
        let byte = try file.readBytes(count: 1, at: place.upperBound - 1)
        try file.write([byte[0] ^ 1], at: place.upperBound - 1)
        let error = #expect(throws: QueryError.self) { try find([registrations[0].identity]) }
        #expect(
            error
                == .store(
                    .damaged(
                        path: segment, offset: place.lowerBound,
                        problem: "the checksum of a Bloom filter is not that of its bytes")))
    }

    @Test(arguments: [true, false]) func whatIsKeptIsNotReadAgain(_ hasFilters: Bool) throws {
        let (segment, rowGroups) = try makeStore(withFilters: hasFilters)
        let snapshot = try Snapshot(ofStoreAt: directory.path, threads: 2)
        let all = registrations.map(\.identity)
        // One row group at a time.
        for _ in 0..<2 * rowGroups.count { #expect(try snapshot.find(all) == registrations) }
        try damage(.identity, of: rowGroups, in: segment)
        #expect(try snapshot.find(all) == registrations)
        #expect(throws: QueryError.self) { try find(all) }
    }

    /// Trying to keep a row group that is damaged somewhere takes no answer from those who do not ask for that.
    @Test func damageConcernsThoseWhoReadIt() throws {
        let (segment, rowGroups) = try makeStore(withFilters: false)
        try damage(.latencyUs, of: rowGroups, in: segment)
        let snapshot = try Snapshot(ofStoreAt: directory.path, threads: 1)
        let absent = registrations.prefix(50).map { Identity(rawValue: $0.identity.rawValue ^ 1 << 60) }
        for _ in 0..<10 {
            #expect(try snapshot.find(absent).allSatisfy { $0 == nil })
            let error = #expect(throws: QueryError.self) { try snapshot.find([registrations[0].identity]) }
            guard case .store(.damaged(segment, let offset, _))? = error else {
                Issue.record("\(error as Any)")
                continue
            }
            #expect(rowGroups.contains { $0.columns[SegmentColumn.latencyUs.rawValue].byteRange.contains(offset) })
        }
    }

    private func damage(_ column: SegmentColumn, of rowGroups: [RowGroupMetadata], in segment: String) throws {
        let file = try PosixSystem().open(segment, .write)
        for group in rowGroups {
            let last = group.columns[column.rawValue].byteRange.upperBound - 1
            let byte = try file.readBytes(count: 1, at: last)
            try file.write([byte[0] ^ 1], at: last)
        }
    }
}
