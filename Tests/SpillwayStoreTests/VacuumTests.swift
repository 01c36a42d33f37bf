import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct VacuumTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private var path: String { directory.path("store") }
    private var layout: StoreLayout { StoreLayout(root: path) }

    /// The system with the clock put on.
    private struct Later: System {
        var base = PosixSystem()
        var ms: Int64
        func monotonicUs() -> Int64 { base.monotonicUs() }
        func threadProcessorNs() -> Int64 { base.threadProcessorNs() }
        func wallMs() -> Int64 { base.wallMs() + ms }
        func randomWord() -> UInt64 { base.randomWord() }
        func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File { try base.open(path, mode) }
        func list(_ directory: String) throws(SystemError) -> [String] { try base.list(directory) }
        func status(_ path: String) throws(SystemError) -> FileStatus { try base.status(path) }
        func createDirectory(_ path: String) throws(SystemError) { try base.createDirectory(path) }
        func syncDirectory(_ path: String) throws(SystemError) { try base.syncDirectory(path) }
        func rename(_ source: String, to target: String) throws(SystemError) { try base.rename(source, to: target) }
        func link(_ source: String, to target: String) throws(SystemError) { try base.link(source, to: target) }
        func remove(_ path: String) throws(SystemError) { try base.remove(path) }
    }

    private var dataFiles: [String] {
        get throws { try directory.names(in: "store").filter { $0.hasSuffix(".parquet") } }
    }

    @Test func replacedFilesGoAfterTheRetentionTime() throws {
        try writeSegments([0..<100, 100..<200], to: path, system: system)
        let inputs = try dataFiles
        _ = try Compaction(storeAt: path, system: system).run()
        #expect(try Vacuum(storeAt: path, system: system).run() == [])
        let almost = Later(ms: Vacuum.defaultRetentionMs - 60_000)
        #expect(try Vacuum(storeAt: path, system: almost).run() == [])

        let late = Later(ms: Vacuum.defaultRetentionMs + 60_000)
        let listed = try Vacuum(storeAt: path, system: late).run(isDryRun: true)
        #expect(listed.map(\.path) == inputs.map { "\(path)/\($0)" })
        #expect(listed.allSatisfy { $0.reason == .replaced && $0.byteCount > 0 })
        #expect(try dataFiles.count == 3)
        #expect(try Vacuum(storeAt: path, system: late).run() == listed)
        #expect(try dataFiles.count == 1)
        #expect(try segmentRows(Store.open(path, system: system).view) == (0..<200).map { Row($0) })
        #expect(try Vacuum(storeAt: path, retentionMs: 0, system: late).run() == [])
    }

    /// At no retention either does anything go that the newest snapshot needs: live segments, one that is sealed and
    /// not entered yet, the open one, the journal.
    @Test func whatIsNeededStays() throws {
        try writeSegments([0..<100], to: path, system: system)
        let unlogged = SegmentName(number: 1, salt: 77)
        let segment = try OpenSegment(unlogged, layout: layout, system: system)
        try segment.append([rowGroupFrame(100..<200)], epoch: epoch(2))
        _ = try segment.writeFooter()
        try system.rename(layout.open(unlogged), to: layout.sealed(unlogged))
        let open = try OpenSegment(SegmentName(number: 2, salt: 78), layout: layout, system: system)
        try open.append([rowGroupFrame(200..<300)], epoch: epoch(3))
        let journal = try Journal(layout: layout, system: system)
        try journal.append(journalFrame(300..<310), epoch: epoch(4))

        let vacuum = Vacuum(storeAt: path, retentionMs: 0, system: Later(ms: 1 << 40))
        #expect(try vacuum.run() == [])
        #expect(try rows(StoreView(path: path, system: system)) == (0..<310).map { Row($0) })
    }

    @Test func leftoversGoAtOnce() throws {
        try writeSegments([0..<100], to: path, system: system)
        let store = try Store.open(path, system: system).store
        try system.createDirectory(layout.compaction)
        let merged = SegmentName(.merged, number: 0, salt: 3)
        let commit = "\(layout.log)/.7.00000000000000aa.tmp"
        let foreign = "\(layout.log)/.tmp"
        for path in [layout.compaction(merged), layout.sealed(merged), commit, foreign, layout.erasure + ".tmp"] {
            _ = try system.open(path, .create)
        }
        // Beside a writer, what may be its own stays.
        #expect(
            try Vacuum(storeAt: path, system: system).run().map(\.path)
                == [layout.compaction(merged), layout.sealed(merged)])
        withExtendedLifetime(store) {}
    }

    @Test func temporaryFilesGoWhenNobodyWrites() throws {
        try writeSegments([0..<100], to: path, system: system)
        let commit = "\(layout.log)/.7.00000000000000aa.tmp"
        let foreign = "\(layout.log)/.tmp"
        for path in [commit, foreign, layout.metadata + ".tmp"] { _ = try system.open(path, .create) }
        let items = try Vacuum(storeAt: path, system: system).run()
        #expect(items.map(\.path) == [commit, layout.metadata + ".tmp"].sorted())
        #expect(try system.exists(foreign) && !system.exists(commit))
        #expect(try segmentRows(StoreView(path: path, system: system)).count == 100)
    }

    /// A file that the log has forgotten, as tools may cut its past, is judged by its own age.
    @Test func aForgottenFileGoesByItsOwnAge() throws {
        try writeSegments([0..<100, 100..<200], to: path, system: system)
        _ = try Compaction(storeAt: path, system: system).run()
        let merged = try StoreView(path: path, system: system).segments[0]
        let stray = SegmentName(number: 0, salt: 9)
        let segment = try OpenSegment(stray, layout: layout, system: system)
        try segment.append([rowGroupFrame(0..<100)], epoch: epoch(1))
        _ = try segment.writeFooter()
        try system.rename(layout.open(stray), to: layout.sealed(stray))
        #expect(try segmentRows(StoreView(path: path, system: system)).count == 200)
        #expect(try Vacuum(storeAt: path, system: system).run() == [])
        let late = Later(ms: Vacuum.defaultRetentionMs + 60_000)
        #expect(try Vacuum(storeAt: path, system: late).run().count == 3)
        #expect(try dataFiles == [merged.name.description])
    }
}
