import Foundation
import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// What no checksum shows, since it was written as it is: each is named in its file.
@Suite struct VerificationTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private var path: String { directory.path("store") }

    private func problems(memoryBytes: Int = 1 << 20) throws -> [Problem] {
        var verification = Verification(path: path, system: system)
        verification.memoryBytes = memoryBytes
        return try verification.run().problems
    }

    /// A store of one sealed segment, whose row group is another's pages as `change` describes them.
    private func store(
        _ frame: FrameBuffer = rowGroupFrame(0..<9), describedBy change: (inout RowGroupMetadata) -> Void
    ) throws {
        var metadata = try #require(frame.rowGroup)
        change(&metadata)
        let forged = FrameBuffer()
        forged.begin()
        frame.withBody { forged.bytes.append($0) }
        forged.end(rowGroup: metadata, rollup: nil)
        let store = try Store.open(path, system: system).store
        try store.append(rowGroups: [forged], epoch: epoch(1))
        try store.seal()
    }

    @Test func whatIsDescribedRightIsSound() throws {
        try store { _ in }
        #expect(try problems() == [])
    }

    @Test(arguments: SegmentColumn.allCases)
    func statisticsThatAreNotThoseOfTheValues(_ column: SegmentColumn) throws {
        let low: [UInt8] =
            switch column {
            case .registeredAt, .identity: Int64.min.littleEndianBytes
            case .latencyUs: Int32(0).littleEndianBytes
            default: Array("A".utf8)
            }
        // Right for a reader that skips by them, but wider than the values.
        let frame = rowGroupFrame(3..<9)
        try store(frame) { $0.columns[column.rawValue].min = low }
        #expect(
            try problems().map(\.problem) == ["the statistics of column \(column.name) are not those of its values"])
    }

    @Test(arguments: SegmentColumn.allCases)
    func pageStatisticsThatAreNotThoseOfTheValues(_ column: SegmentColumn) throws {
        try store { $0.columns[column.rawValue].pages[0].max = [0xff] + $0.columns[column.rawValue].pages[0].max }
        #expect(
            try problems().map(\.problem)
                == ["the statistics of a page of column \(column.name) are not those of its values"])
    }

    @Test func anOffsetIndexThatDoesNotAgreeWithThePages() throws {
        try store { $0.columns[1].pages[0].byteCount -= 1 }
        #expect(try problems().map(\.problem) == ["the page index of column identity does not agree with its pages"])
    }

    @Test func aRegionThatIsNotTheCountrys() throws {
        try store(forgedFrame(country: "BR", region: "Asia", source: "organic", latencyUs: 1)) { _ in }
        #expect(try problems().map(\.problem) == ["row 0 of a row group is in a region that its country is not in"])
    }

    @Test func valuesOutsideOfTheirDomain() throws {
        try store(forgedFrame(country: "Q1", region: "Atlantis", source: "", latencyUs: -1)) { _ in }
        #expect(
            try Set(problems().map(\.problem)) == [
                "column country holds 'Q1'", "column region holds 'Atlantis'", "column source holds ''",
                "a latency is below 0",
            ])
    }

    private func forgedFrame(country: String, region: String, source: String, latencyUs: Int32) -> FrameBuffer {
        let frame = FrameBuffer()
        frame.begin()
        var encoder = RowGroupEncoder(schema: segmentSchema)
        encoder.begin(rowCount: 1)
        for (index, value) in [1, 2].enumerated() {
            [Int64(value)].withUnsafeBufferPointer { encoder.append(int64: $0, to: index) }
        }
        for (index, name) in [country, region, "web", source].enumerated() {
            [0 as UInt16].withUnsafeBufferPointer { encoder.encode(codes: $0, names: [name], as: 2 + index) }
        }
        [latencyUs].withUnsafeBufferPointer { encoder.append(int32: $0, to: 6) }
        frame.end(rowGroup: encoder.finish(into: &frame.bytes), rollup: nil)
        return frame
    }

    /// In two segments, in one row group, in a segment and the journal; however many passes the memory allows.
    @Test func anIdentityThatIsStoredTwice() throws {
        let store = try Store.open(path, system: system).store
        try store.append(rowGroups: [rowGroupFrame(0..<1_000)], epoch: epoch(1))
        try store.seal()
        try store.append(rowGroups: [rowGroupFrame(999..<2_000)], epoch: epoch(2))
        try store.sync()
        try store.append(journalRecord: journalFrame(0..<1), epoch: epoch(3))
        try store.sync()
        let open = try system.list("\(path)/_spillway/open")[0]
        let journal = try system.list("\(path)/_spillway/journal")[0]
        let found = try problems()
        #expect(found.count == 2)
        #expect(found.contains { $0.problem.hasPrefix("identity 0 is stored twice") })
        #expect(found.contains { $0.problem.hasPrefix("identity 999 is stored twice") })
        #expect(found.allSatisfy { ($0.file + $0.problem).contains("part-00000") })
        #expect(found.contains { ($0.file + $0.problem).contains(open) })
        #expect(found.contains { ($0.file + $0.problem).contains(journal) })
    }

    @Test(arguments: [1, 7])
    func aCensusFindsEachRepetitionInAnyNumberOfPasses(_ passes: Int) throws {
        let census = IdentityCensus(
            count: passes * 100_000, memoryBytes: 1 << 20, randomWord: 0x9e37_79b9_7f4a_7c15)
        #expect(passes == 1 ? census.passCount == 2 : census.passCount > 2)
        let identities = (0..<20_000).map { Int64($0) } + [0, 77, -5, -5, 19_999]
        for pass in 0..<census.passCount {
            identities.withUnsafeBufferPointer { census.add($0, pass: pass) }
            try census.endPass(threads: 2)
        }
        #expect(census.repeatedIdentities == [0, 77, 19_999, UInt64(bitPattern: -5)])
    }

    @Test func aLiveFileThatIsMissing() throws {
        let store = try SmallStore(in: directory)
        try system.remove("\(store.path)/\(store.sealed[0])")
        #expect(
            try store.verify().problems == [
                Problem(file: store.sealed[0], offset: 0, problem: "the table holds this file, and it is not there")
            ])
    }

    @Test func aSegmentThatTheLogLeftOut() throws {
        let store = try SmallStore(in: directory)
        // Version 2 in the place of version 1.
        try store.replace(store.logVersion(1), by: store.bytes(of: store.logVersion(2)))
        let problems = try store.verify().problems
        #expect(problems.map(\.file) == [store.sealed[0]] && problems.first?.problem.contains("does not name") == true)
    }

    @Test func whatACrashMayLeaveIsNoted() throws {
        let store = try SmallStore(in: directory)
        try system.remove("\(store.path)/\(store.logVersion(2))")
        let open = try store.bytes(of: store.open)
        try store.replace(store.open, by: open + open.suffix(100))
        let report = try store.verify()
        #expect(report.problems == [] && report.registrations == SmallStore.rowCount)
        #expect(report.notes.map(\.file) == [store.open, store.sealed[1]].sorted())
        #expect(report.notes.contains { $0.offset == UInt64(open.count) })
    }

    @Test func aMergedSegmentThatNeverEnteredTheTableIsNoted() throws {
        let store = try SmallStore(in: directory)
        let name = SegmentName(.merged, number: 1, salt: 5).description
        try store.replace(name, by: store.bytes(of: store.sealed[0]))
        let report = try store.verify()
        #expect(report.problems == [] && report.registrations == SmallStore.rowCount)
        #expect(report.notes.map(\.file) == [name])
    }

    @Test func aMissingVersionOfTheLog() throws {
        let store = try SmallStore(in: directory)
        try system.remove("\(store.path)/\(store.logVersion(1))")
        #expect(try store.verify().problems.contains { $0.problem == "version 1 of the log is missing" })
    }

    /// What the log says of a file's size, rows and ranges.
    @Test(arguments: ["\"size\":", "\\\"numRecords\\\":", "\\\"latency_us\\\":"])
    func theLogAgainstTheFile(_ field: String) throws {
        let store = try SmallStore(in: directory)
        let text = String(decoding: try store.bytes(of: store.logVersion(1)), as: UTF8.self)
        let place = try #require(text.range(of: field))
        var changed = Array((text[..<place.upperBound] + "1" + text[place.upperBound...]).utf8)
        let digits = try #require(changed.withUnsafeBytes { EmbeddedChecksum.inJSON.digits(of: $0) })
        changed.replaceSubrange(digits.offset..<digits.offset + 8, with: digits.digits)
        try store.replace(store.logVersion(1), by: changed)
        let problems = try store.verify().problems
        #expect(problems.map(\.file) == [store.logVersion(1)])
        #expect(problems.first?.problem.contains(store.sealed[0]) == true)
    }

    @Test func changesNothing() throws {
        let store = try SmallStore(in: directory)
        let files = [store.open, store.journal, store.logVersion(2), "_spillway/store.json"] + store.sealed
        let before = try files.map { try store.bytes(of: $0) }
        let names = try system.list("\(store.path)/_spillway").sorted()
        _ = try store.verify()
        #expect(try files.map { try store.bytes(of: $0) } == before)
        #expect(try system.list("\(store.path)/_spillway").sorted() == names)
    }
}
