import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct CompactionTests {
    private let system = PosixSystem()
    private let directory = TemporaryDirectory()
    private var path: String { directory.path("store") }

    private func liveNames() throws -> [SegmentName] {
        let layout = StoreLayout(root: path)
        return try DeltaLog(layout: layout, system: system).load().liveSegments(layout: layout)
    }

    @Test func smallSegmentsBecomeOneOfTheSameRows() throws {
        try writeSegments([0..<100, 100..<5_000, 5_000..<5_001, 5_001..<90_000], to: path, system: system)
        let expected = (0..<90_000).map { Row($0) }
        #expect(try segmentRows(StoreView(path: path, system: system)) == expected)

        let report = try Compaction(storeAt: path, system: system).run()
        #expect(report.segmentsBefore == 4 && report.segmentsAfter == 1 && report.rowCount == 90_000)
        let view = try StoreView(path: path, system: system)
        #expect(try segmentRows(view) == expected)
        #expect(view.segments.map(\.name.kind) == [.merged])
        #expect(view.segments[0].rowGroups.map(\.rowCount) == [90_000])
        #expect(view.lastEpoch == epoch(4))
        #expect(try Compaction(storeAt: path, system: system).run() == Compaction.Report())
    }

    @Test func rowGroupsAreFullAndEven() throws {
        var policy = CompactionPolicy()
        policy.rowGroupRows = 4_000
        try writeSegments([0..<3_000, 3_000..<10_000], rowGroups: 7, to: path, system: system)
        _ = try Compaction(storeAt: path, policy: policy, system: system).run()
        let view = try StoreView(path: path, system: system)
        #expect(view.segments.flatMap(\.rowGroups).map(\.rowCount) == [3_334, 3_334, 3_332])
        #expect(try segmentRows(view) == (0..<10_000).map { Row($0) })
    }

    @Test func aFragmentedSegmentIsRewrittenAlone() throws {
        var policy = CompactionPolicy()
        policy.rowGroupRows = 4_000
        try writeSegments([0..<3_000], rowGroups: 7, to: path, system: system)
        #expect(try Compaction(storeAt: path, policy: policy, system: system).run().segmentsBefore == 1)
        #expect(try StoreView(path: path, system: system).segments.flatMap(\.rowGroups).map(\.rowCount) == [3_000])
        #expect(try Compaction(storeAt: path, policy: policy, system: system).run().segmentsBefore == 0)
    }

    @Test func aSegmentWithoutBloomFiltersGetsThemIfThatIsAsked() throws {
        var policy = CompactionPolicy()
        policy.segmentBytes = 1
        try writeSegments([0..<3_000], to: path, system: system)
        #expect(try Compaction(storeAt: path, policy: policy, system: system).run() == Compaction.Report())
        policy.addsBloomFilters = true
        #expect(try Compaction(storeAt: path, policy: policy, system: system).run().rowCount == 3_000)
        let view = try StoreView(path: path, system: system)
        #expect(view.segments.flatMap(\.rowGroups).allSatisfy { $0.columns[1].bloomFilterChecksum != nil })
        #expect(try segmentRows(view) == (0..<3_000).map { Row($0) })
        #expect(try Compaction(storeAt: path, policy: policy, system: system).run() == Compaction.Report())
    }

    @Test func aViewTakenBeforeGoesOnReading() throws {
        try writeSegments([0..<100, 100..<200], to: path, system: system)
        let view = try StoreView(path: path, system: system)
        _ = try Compaction(storeAt: path, system: system).run()
        #expect(try segmentRows(view) == (0..<200).map { Row($0) })
    }

    /// The inputs' files stay in the directory: they must not be taken for segments that a crash kept from the log.
    @Test func inputsAreNotTakenUpAgain() throws {
        try writeSegments([0..<100, 100..<200], to: path, system: system)
        _ = try Compaction(storeAt: path, system: system).run()
        let opened = try Store.open(path, system: system)
        #expect(try directory.names(in: "store").filter { $0.hasPrefix("part-") }.count == 2)
        #expect(try segmentRows(opened.view) == (0..<200).map { Row($0) })
        #expect(opened.store.lastEpoch == epoch(2))
        #expect(try liveNames().map(\.kind) == [.merged])
    }

    /// A writer whose knowledge of the log is older than a compaction goes on after it.
    @Test func aWriterGoesOnAcrossACompaction() throws {
        let store = try Store.open(path, system: system).store
        for number in 0..<6 as Range<UInt64> {
            try store.append(
                rowGroups: [rowGroupFrame(number * 10..<number * 10 + 10)], epoch: epoch(number + 1))
            try store.sync()
            try store.seal()
            if number % 2 == 1, number < 5 { _ = try Compaction(storeAt: path, system: system).run() }
        }
        let view = try StoreView(path: path, system: system)
        #expect(try segmentRows(view) == (0..<60).map { Row($0) })
        #expect(try liveNames().map(\.kind) == [.merged, .surge, .surge])
        #expect(Set(store.logState.live.keys) == Set(try liveNames().map(\.description)))
    }

    /// What another maintainer of the table took out in the meantime does not come back.
    @Test func aMergerOfWhatIsNoLongerThereIsDropped() throws {
        try writeSegments([0..<100, 100..<200, 200..<300], to: path, system: system)
        let layout = StoreLayout(root: path)
        let compaction = Compaction(storeAt: path, system: system)
        let before = try liveNames()
        // As the first row group is read, another tool removes the last segment.
        var isFirst = true
        let report = try compaction.run(onProgress: { _, _ in
            guard isFirst else { return }
            isFirst = false
            do {
                let log = DeltaLog(layout: layout, system: system)
                var state = try log.load()
                #expect(try log.replace([before[2]], by: [], dataChange: true, in: &state))
            } catch {
                Issue.record(error)
            }
        })
        #expect(report.segmentsAfter == 0)
        #expect(try liveNames() == Array(before[..<2]))
        #expect(try segmentRows(StoreView(path: path, system: system)) == (0..<200).map { Row($0) })
        #expect(try directory.names(in: "store").allSatisfy { !$0.hasPrefix("merged-") })
    }

    @Test func stoppedHalfWayItLeavesNothing() throws {
        try writeSegments([0..<100, 100..<200], to: path, system: system)
        let report = try Compaction(storeAt: path, system: system).run(shouldStop: { true })
        #expect(report == Compaction.Report())
        #expect(try directory.names(in: "store/_spillway/compact") == [])
        #expect(try liveNames().count == 2)
    }

    @Test func oneMaintainsAtATime() throws {
        try writeSegments([0..<100, 100..<200], to: path, system: system)
        let maintenance = try Maintenance(StoreLayout(root: path), system)
        #expect {
            try Compaction(storeAt: path, system: system).run()
        } throws: { error in
            guard case StoreError.underMaintenance(_, let holder) = error else { return false }
            return holder.contains("process \(Process.id)")
        }
        withExtendedLifetime(maintenance) {}
    }

    @Test func damageIsReportedAndNothingIsReplaced() throws {
        try writeSegments([0..<1_000, 1_000..<2_000], to: path, system: system)
        let victim = try liveNames()[1]
        let file = try system.open(StoreLayout(root: path).sealed(victim), .write)
        let column = try SegmentFooter(reading: file).rowGroups[0].columns[SegmentColumn.source.rawValue]
        let byte = try file.readBytes(count: 1, at: column.byteRange.upperBound - 1)[0]
        try file.write([byte ^ 1], at: column.byteRange.upperBound - 1)
        #expect {
            try Compaction(storeAt: path, system: system).run()
        } throws: { error in
            guard case StoreError.damaged(let path, _, _) = error else { return false }
            return path == file.path
        }
        #expect(try liveNames().count == 2)
        #expect(try directory.names(in: "store/_spillway/compact") == [])
    }

    @Test func namesSayWhatMadeThem() {
        let merged = SegmentName(.merged, number: 7, salt: 255)
        #expect(merged.description == "merged-00007-00000000000000ff.parquet")
        #expect(SegmentName(fileName: merged.description) == merged)
        #expect(SegmentName(fileName: "part-00007-00000000000000ff.parquet")?.kind == .surge)
        for other in [
            "other-00007-00000000000000ff.parquet", "merged-7-00000000000000ff.parquet", "merged-00007.parquet",
        ] {
            #expect(SegmentName(fileName: other) == nil)
        }
    }
}

@Suite struct CompactionPolicyTests {
    private func shape(_ byteCount: UInt64, rows: Int = 1_000, groups: Int = 1) -> SegmentShape {
        SegmentShape(byteCount: byteCount, rowCount: rows, rowGroupCount: groups)
    }

    private var policy: CompactionPolicy {
        var policy = CompactionPolicy()
        policy.segmentBytes = 100
        policy.rowGroupRows = 1_000
        return policy
    }

    @Test func neighboursFillFiles() {
        #expect(policy.groups([40, 40, 40, 10, 10].map { shape($0) }) == [0..<2, 2..<5])
        #expect(policy.groups([40, 60, 40, 30].map { shape($0) }) == [2..<4])
        #expect(policy.groups([60, 40, 70].map { shape($0) }) == [])
        #expect(policy.groups([]) == [])
    }

    @Test func fragmentsAreRewrittenWhateverTheirSize() {
        #expect(policy.groups([shape(90, rows: 2_400, groups: 10)]) == [0..<1])
        #expect(policy.groups([shape(90, rows: 2_500, groups: 10)]) == [])
        #expect(policy.groups([shape(200, rows: 9, groups: 9), shape(10)]) == [0..<1])
    }

    @Test func segmentsWithoutBloomFiltersAreRewrittenIfThatIsAsked() {
        var bare = shape(200)
        bare.hasBloomFilters = false
        #expect(policy.groups([bare, shape(200)]) == [])
        var policy = policy
        policy.addsBloomFilters = true
        #expect(policy.groups([bare, shape(200), bare, shape(10), bare]) == [0..<1, 2..<3, 4..<5])
        #expect(policy.groups([shape(200), shape(10)]) == [])
    }

    @Test func steadyWorkWaitsUntilBytesDouble() {
        var policy = policy
        policy.minimumSegments = 3
        policy.waitsForEqualBytes = true
        #expect(policy.groups([shape(5), shape(5)]) == [])
        #expect(policy.groups([shape(5), shape(5), shape(5)]) == [0..<3])
        #expect(policy.groups([shape(40), shape(5), shape(5), shape(5)]) == [1..<4])
        #expect(policy.groups([shape(40), shape(15), shape(15), shape(15)]) == [0..<4])
    }

    /// A row is rewritten a logarithm of times, as sizes double.
    @Test func steadyWorkRewritesEachByteSeldom() {
        let policy = CompactionPolicy.steady(segmentBytes: 1 << 20, rowGroupRows: 1_000)
        var files: [UInt64] = []
        var written: UInt64 = 0
        for _ in 0..<4_096 {
            files.append(128)
            for group in policy.groups(files.map { shape($0) }).reversed() {
                let size = files[group].reduce(0, +)
                written += size
                files.replaceSubrange(group, with: [size])
            }
        }
        #expect(files.count < 20)
        #expect(written < 4_096 * 128 * 13)
    }
}
