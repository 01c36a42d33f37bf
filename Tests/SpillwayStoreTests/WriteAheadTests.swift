import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// A row group that is brought to the device in pieces before it is appended.
@Suite struct WriteAheadTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private var path: String { directory.path("store") }

    private func view() throws -> StoreView { try StoreView(path: path, system: system) }

    @Test(arguments: [1, 100, 1 << 20]) func itCountsOnceItIsAppended(pieceBytes: Int) throws {
        let store = try Store.open(path, system: system).store
        let frame = rowGroupFrame(0..<30)
        var pieces = 1
        while try !store.writeAhead(rowGroup: frame, byteCount: pieceBytes) {
            #expect(try view().rowCount == 0)
            pieces += 1
        }
        #expect(pieces == (frame.bytes.count - FrameHeader.byteCount + pieceBytes - 1) / pieceBytes)
        #expect(try view().rowCount == 0)
        try store.append(rowGroups: [frame, rowGroupFrame(30..<40)], epoch: epoch(1))
        try store.sync()
        #expect(try identities(view()) == Array(0..<40))
    }

    @Test func anotherFrameMayComeFirst() throws {
        let store = try Store.open(path, system: system).store
        let ahead = rowGroupFrame(0..<30)
        _ = try store.writeAhead(rowGroup: ahead, byteCount: 200)
        try store.append(rowGroups: [rowGroupFrame(30..<40)], epoch: epoch(1))
        try store.append(rowGroups: [ahead], epoch: epoch(2))
        try store.sync()
        #expect(try identities(view()).sorted() == Array(0..<40))
    }

    @Test func aSegmentThatIsSealedMeanwhileHoldsNoneOfIt() throws {
        let store = try Store.open(path, system: system).store
        try store.append(rowGroups: [rowGroupFrame(30..<40)], epoch: epoch(1))
        let ahead = rowGroupFrame(0..<30)
        _ = try store.writeAhead(rowGroup: ahead, byteCount: 200)
        try store.seal()
        try store.append(rowGroups: [ahead], epoch: epoch(2))
        try store.sync()
        #expect(try identities(view()).sorted() == Array(0..<40))
        let report = try Verification(path: path, system: system).run()
        #expect(report.problems.isEmpty)
    }

    @Test func aJournalGoesOnceASegmentHasReachedItsEpoch() throws {
        let store = try Store.open(path, system: system).store
        let journals = { try system.list(StoreLayout(root: path).journal).count }
        try store.append(journalRecord: journalFrame(0..<10), epoch: epoch(1))
        store.rotateJournal()
        try store.append(journalRecord: journalFrame(10..<20), epoch: epoch(2))
        try store.sync()
        try store.recycleJournal()
        #expect(try journals() == 2)
        try store.append(rowGroups: [rowGroupFrame(0..<10)], epoch: epoch(1))
        try store.recycleJournal()
        #expect(try journals() == 1)
        #expect(try identities(view()) == Array(0..<20))
        try store.append(rowGroups: [rowGroupFrame(10..<20)], epoch: epoch(2))
        try store.recycleJournal()
        #expect(try journals() == 0)
        #expect(try identities(view()) == Array(0..<20))
    }
}
