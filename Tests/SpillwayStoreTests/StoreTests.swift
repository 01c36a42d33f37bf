import Foundation
import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct StoreTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private var path: String { directory.path("store") }

    private func open() throws -> Store { try Store.open(path, system: system).store }
    private func view() throws -> StoreView { try StoreView(path: path, system: system) }

    @Test func anEpochIsSeenFromTheJournalTheOpenSegmentAndTheTable() throws {
        let store = try open()
        try store.append(journalRecord: journalFrame(0..<10), epoch: epoch(1))
        try store.sync()
        #expect(try identities(view()) == Array(0..<10))

        try store.append(rowGroups: [rowGroupFrame(0..<10), rowGroupFrame(10..<30)], epoch: epoch(2))
        try store.sync()
        #expect(try identities(view()) == Array(0..<30), "the journal's rows are not counted again")

        try store.recycleJournal()
        try store.append(journalRecord: journalFrame(30..<40), epoch: epoch(3))
        try store.sync()
        try store.seal()
        let view = try view()
        #expect(try identities(view) == Array(0..<40))
        #expect(view.lastEpoch == epoch(3))
        #expect(view.segments.map(\.rowCount) == [30])
    }

    @Test func reopeningSealsWhatACrashLeftOpen() throws {
        do {
            let store = try open()
            try store.append(rowGroups: [rowGroupFrame(0..<10)], epoch: epoch(1))
            try store.append(rowGroups: [rowGroupFrame(10..<30)], epoch: epoch(2))
            try store.sync()
        }
        let openSegment = try #require(try system.list("\(path)/_spillway/open").first)
        // Half a footer, as a crash while sealing leaves it.
        let file = try system.open("\(path)/_spillway/open/\(openSegment)", .write)
        try file.write([UInt8](repeating: 0x15, count: 200), at: file.size())
        #expect(try identities(view()) == Array(0..<30))

        let store = try open()
        #expect(store.lastEpoch == epoch(2))
        #expect(try system.list("\(path)/_spillway/open").isEmpty)
        #expect(try system.exists("\(path)/\(openSegment)"))
        #expect(try identities(view()) == Array(0..<30))
        #expect(store.logState.live.count == 1)
    }

    /// A crash between rename and commit: the file is in place, and the log does not know it.
    @Test func reopeningEntersASealedSegmentThatTheLogDoesNotKnow() throws {
        do {
            let store = try open()
            try store.append(rowGroups: [rowGroupFrame(0..<10)], epoch: epoch(1))
            try store.seal()
        }
        try system.remove("\(path)/_delta_log/00000000000000000001.json")
        #expect(try identities(view()) == Array(0..<10))
        let store = try open()
        #expect(store.logState.version == 1 && store.logState.live.count == 1)
        #expect(store.logState.transactions["spillway.epoch"] == 1)
    }

    @Test func anEmptyOpenSegmentGoes() throws {
        do {
            let store = try open()
            try store.append(rowGroups: [rowGroupFrame(0..<10)], epoch: epoch(1))
        }
        let name = try #require(try system.list("\(path)/_spillway/open").first)
        try system.open("\(path)/_spillway/open/\(name)", .write).truncate(to: 50)
        let store = try open()
        #expect(store.lastEpoch == .none)
        #expect(try system.list("\(path)/_spillway/open").isEmpty)
        #expect(try identities(view()).isEmpty)
    }

    @Test func everyCommitIsAVersionOfTheLog() throws {
        let store = try open()
        for number in 1...5 as ClosedRange<UInt64> {
            try store.append(rowGroups: [rowGroupFrame(number * 10..<number * 10 + 10)], epoch: epoch(number))
            try store.seal()
        }
        let names = try system.list("\(path)/_delta_log").sorted()
        #expect(names == (0...5).map { "0000000000000000000\($0).json" })
        let state = try DeltaLog(layout: StoreLayout(root: path), system: system).load()
        #expect(state.live.count == 5 && state.version == 5)
        #expect(state.transactions["spillway.stream.0000000000000009"] == 50)
    }

    /// Two that commit at once: the one that comes second takes the next version.
    @Test func aVersionThatIsTakenIsNotOverwritten() throws {
        let layout = StoreLayout(root: path)
        _ = try open()
        let log = DeltaLog(layout: layout, system: system)
        var (first, second) = (try log.load(), try log.load())
        let txn = { (application: String) in
            DeltaAction(txn: .init(appId: application, version: 1, lastUpdated: nil))
        }
        try log.commit(operation: "A", [txn("a")], to: &first)
        try log.commit(operation: "B", [txn("b")], to: &second)
        #expect(first.version == 1 && second.version == 2)
        #expect(try log.load().transactions == ["a": 1, "b": 1])
        #expect(second.transactions == ["a": 1, "b": 1])
    }

    @Test func aDamagedLogIsNamed() throws {
        do {
            let store = try open()
            try store.append(rowGroups: [rowGroupFrame(0..<10)], epoch: epoch(1))
            try store.seal()
        }
        let version = "\(path)/_delta_log/00000000000000000001.json"
        let line = try #require(try system.readAll(version).firstIndex(of: UInt8(ascii: "\n"))) + 1
        try system.open(version, .write).write([0xff], at: UInt64(line))
        #expect(
            throws: StoreError.damaged(
                path: version, offset: UInt64(line), problem: "a line of the log is not a Delta action")
        ) { try view() }
        try system.remove("\(path)/_delta_log/00000000000000000000.json")
        #expect(throws: StoreError.self) { try view() }
    }

    @Test func namesOfSegmentsReadBack() {
        for name in [SegmentName(number: 0, salt: 1), SegmentName(number: 123_456_789, salt: .max)] {
            #expect(SegmentName(fileName: name.description) == name)
        }
        for text in ["part-1-0000000000000001.parquet", "part-00001-1.parquet", "data.parquet", "part-00001-.parquet"] {
            #expect(SegmentName(fileName: text) == nil)
        }
    }

    @Test func pathsThatAreNotStoresAreNamed() throws {
        #expect(throws: StoreError.missing(path: path)) { try view() }
        try system.createDirectory(path)
        #expect(throws: StoreError.notAStore(path: path)) { try view() }
        try system.open("\(path)/file", .create).write([1], at: 0)
        #expect(throws: StoreError.notAStore(path: "\(path)/file")) {
            try Store.open("\(path)/file", system: system)
        }
    }
}
