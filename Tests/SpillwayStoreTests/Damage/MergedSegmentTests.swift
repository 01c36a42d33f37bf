import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// Segments that compaction made have no frames, and may have Bloom filters: what checks them is not the same.
@Suite struct MergedSegmentTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private var path: String { directory.path("store") }

    /// A store of one merged segment, of two row groups; returns its name.
    private func mergedStore() throws -> String {
        do {
            let store = try Store.open(path, system: system).store
            for number in 1...2 as ClosedRange<UInt64> {
                try store.append(rowGroups: [rowGroupFrame(number * 3..<number * 3 + 3)], epoch: epoch(number))
                try store.seal()
            }
        }
        var policy = CompactionPolicy()
        policy.rowGroupRows = 3
        _ = try Compaction(storeAt: path, policy: policy, system: system).run()
        return try #require(try system.list(path).first { $0.hasPrefix("merged-") })
    }

    private func verify(_ system: any System) throws -> VerificationReport {
        var verification = Verification(path: path, system: system)
        verification.threads = 1
        return try verification.run()
    }

    @Test func aCompactedStoreIsSound() throws {
        _ = try mergedStore()
        let report = try verify(system)
        #expect(report.problems == [] && report.notes == [] && report.registrations == 6 && report.segments == 1)
        let repaired = try Repair(path: path, newPath: directory.path("repaired"), system: system).run()
        #expect(repaired.losses == [] && repaired.registrations == 6 && repaired.position == epoch(2).position)
    }

    /// By verification, and by what reads rows: nothing else would keep that from a wrong value.
    @Test func aPageThatDoesNotMatchItsChecksumIsNotRead() throws {
        let file = "\(path)/\(try mergedStore())"
        let bytes = try system.readAll(file)
        let rowGroup = try #require(StoreView(path: path, system: system).segments.first?.rowGroups.first)
        let codes = rowGroup.columns[SegmentColumn.platform.rawValue].byteRange
        // Which of two platforms the first row has.
        let altered = AlteredSystem(file, bytes, flipping: (Int(codes.upperBound) - 1) * 8)
        let error = #expect(throws: (any Error).self) { try segmentRows(StoreView(path: path, system: altered)) }
        #expect("\(error as Any)".contains("page checksum"))
        let problem = try #require(try verify(altered).problems.first)
        #expect(problem.problem.contains("page checksum") && codes.contains(problem.offset))
    }

    @Test func aFilterThatDeniesAnIdentityIsNamed() throws {
        let name = try mergedStore()
        let file = try system.open("\(path)/\(name)", .write)
        var footer = try SegmentFooter(reading: file)
        try footer.loadPageIndexes(from: file)
        // Of other values than those that are there.
        footer.bloomFilters = footer.rowGroups.map { _ in BloomFilter([900, 901].span) }
        let size = try file.size()
        try file.truncate(to: footer.pagesEnd)
        try footer.write(to: file, at: footer.pagesEnd)
        let report = try verify(system)
        #expect(report.problems.count { $0.problem.contains("Bloom filter denies identity") } == 2)
        #expect(report.problems.filter { !$0.problem.contains("Bloom") }.count == (size == (try file.size()) ? 0 : 1))
    }
}
