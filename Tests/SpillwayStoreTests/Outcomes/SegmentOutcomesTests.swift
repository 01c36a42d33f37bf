import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// Wherever rows go, what became of other attempts goes with them, and is counted once.
@Suite struct SegmentOutcomesTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private var path: String { directory.path("store") }

    private func view() throws -> StoreView { try StoreView(path: path, system: system) }
    private func problems() throws -> [Problem] { try Verification(path: path, system: system).run().problems }

    /// Duplicates that the store holds.
    private func duplicates(_ view: StoreView) throws -> Int {
        try view.loadOutcomes().counts.filter { $0.key.outcome == .duplicate }.values.reduce(0, +)
    }

    private func record(_ rows: Range<UInt64>, since: UInt64, _ duplicates: Int) -> FrameBuffer {
        let frame = FrameBuffer()
        JournalRecord.write(
            blocks(rows.map { Row($0) }), RecordedOutcomes(since: since, outcomes(duplicates)), into: frame)
        return frame
    }

    @Test func inFramesAndFooters() throws {
        do {
            let store = try Store.open(path, system: system).store
            try store.append(rowGroups: [rowGroupFrame(0..<40), rowGroupFrame(40..<90)], epoch: epoch(1))
            try store.append(rowGroups: [rowGroupFrame(90..<91)], epoch: epoch(2))
            try store.sync()
            store.publish()
            #expect(try duplicates(store.contents.view()) == 91)
        }
        #expect(try duplicates(view()) == 91)
        let recovered = try Store.open(path, system: system).store
        #expect(try view().open.isEmpty)
        #expect(try duplicates(view()) == 91)
        try recovered.append(rowGroups: [rowGroupFrame(100..<109)], epoch: epoch(3))
        try recovered.seal()
        #expect(try duplicates(view()) == 100)
        #expect(try view().segments.map { try $0.loadOutcomes().attempts } == [94, 10])
        #expect(try problems() == [])
    }

    @Test func throughCompactionErasureAndRepair() throws {
        try writeSegments([0..<30, 30..<60, 60..<61], to: path, system: system)
        _ = try Compaction(storeAt: path, system: system).run()
        #expect(try view().segments.map(\.name.kind) == [.merged])
        #expect(try duplicates(view()) == 61)
        _ = try Store.open(path, system: system)
        #expect(try Erasure(storeAt: path, system: system).run(Array(0..<61)).rowCount == 61)
        #expect(try view().rowCount == 0)
        #expect(try duplicates(view()) == 61)
        #expect(try problems() == [])
        try writeSegments([100..<140], to: directory.path("other"), system: system)
        for source in [path, directory.path("other")] {
            let repaired = source + "-repaired"
            _ = try Repair(path: source, newPath: repaired, system: system).run()
            let copy = try StoreView(path: repaired, system: system)
            #expect(try copy.loadOutcomes() == StoreView(path: source, system: system).loadOutcomes())
        }
    }

    /// Records of the journal count until a segment has their epochs, and one that tallies earlier ones anew replaces
    /// them, in whichever file they are.
    @Test func inTheJournal() throws {
        do {
            let store = try Store.open(path, system: system).store
            try store.append(rowGroups: [rowGroupFrame(0..<10)], epoch: epoch(1))
            try store.append(journalRecord: record(10..<20, since: 1, 3), epoch: epoch(2))
            store.rotateJournal()
            try store.append(journalRecord: record(20..<21, since: 2, 4), epoch: epoch(3))
            store.publish()
            #expect(try duplicates(store.contents.view()) == 17)
            #expect(try duplicates(view()) == 17)
            try store.append(rowGroups: [rowGroupFrame(10..<20)], epoch: epoch(2))
            store.publish()
            #expect(try duplicates(store.contents.view()) == 24)
            #expect(try duplicates(view()) == 24)
            try store.append(journalRecord: record(30..<30, since: 2, 6), epoch: epoch(4))
            try store.sync()
            store.publish()
            #expect(try duplicates(store.contents.view()) == 26)
        }
        #expect(try duplicates(view()) == 26)
        let opened = try Store.open(path, system: system)
        #expect(opened.view.journaledOutcomes.total.counts.values.sorted() == [1, 6])
        try opened.store.settle(opened.view)
        #expect(try duplicates(view()) == 26)
        #expect(try problems() == [])
    }

    /// Of a store that has no rows in its journal, and outcomes there.
    @Test func settlingKeepsWhatNoRowComesWith() throws {
        do {
            let store = try Store.open(path, system: system).store
            try store.append(journalRecord: record(0..<0, since: 0, 3), epoch: epoch(1))
            try store.append(journalRecord: record(0..<0, since: 1, 2), epoch: epoch(2))
            try store.sync()
        }
        for _ in 0..<3 {
            let opened = try Store.open(path, system: system)
            try opened.store.settle(opened.view)
            #expect(try duplicates(view()) == 5)
            #expect(try system.list(StoreLayout(root: path).journal).count == 1)
        }
        let repaired = directory.path("repaired")
        _ = try Repair(path: path, newPath: repaired, system: system).run()
        #expect(try duplicates(StoreView(path: repaired, system: system)) == 5)
    }

    /// Frames and footer have to agree.
    @Test func aFooterThatTalliesOtherwiseIsNamed() throws {
        try writeSegments([0..<30], to: path, system: system)
        let segment = try #require(try view().segments.first)
        let file = try system.open(segment.path, .write)
        var footer = try SegmentFooter(reading: file)
        try footer.loadPageIndexes(from: file)
        let end = try #require(footer.framesEnd)
        footer = SegmentFooter(
            rowGroups: footer.rowGroups, lastEpoch: footer.lastEpoch, rollup: try segment.loadRollup(),
            outcomes: outcomes(31))
        try file.truncate(to: end)
        try footer.write(to: file, at: end)
        let place = try #require(try SegmentFooter(reading: file).outcomesPlace)
        #expect(
            try problems() == [
                Problem(
                    file: String(segment.path.dropFirst(path.count + 1)), offset: place.lowerBound,
                    problem: "the tally of outcomes is not that of the segment's frames")
            ])
    }

    @Test func aFlippedBitIsNamed() throws {
        try writeSegments([0..<30], to: path, system: system)
        let segment = try #require(try view().segments.first)
        let place = try #require(try SegmentFooter(reading: system.open(segment.path, .read)).outcomesPlace)
        let bytes = try system.readAll(segment.path)
        for bit in FlippedBits(of: Int(place.lowerBound)..<Int(place.upperBound)) {
            let altered = AlteredSystem(segment.path, bytes, flipping: bit)
            let view = try StoreView(path: path, system: altered)
            let error = #expect(throws: StoreError.self) { try view.loadOutcomes() }
            guard case .damaged(segment.path, let offset, _) = error else {
                Issue.record("bit \(bit): \(String(describing: error))")
                continue
            }
            #expect(place.contains(offset))
            #expect(try segmentRows(view).count == 30)
        }
    }
}
