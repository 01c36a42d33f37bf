import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// What lies in a store's directory and is no part of it is noted, unless Delta Lake permits it there.
@Suite struct ForeignFileTests {
    private let directory = TemporaryDirectory()
    private let system = UnsyncedSystem()

    @Test func strangersAreNoted() throws {
        let store = try SmallStore(in: directory)
        let strangers = [
            "notes.txt", "part-1.parquet", "_delta_log/readme", "_delta_log/00000000000000000001.txt",
            "_delta_log/1.json", "_delta_log/00000000000000000001.json.bak", "_spillway/.core", "_spillway/old.json",
            "_spillway/open/part-1.parquet", "_spillway/compact/x", "_spillway/journal/notes.txt",
            "_spillway/journal/.log",
            "_spillway/journal/1.log", "_spillway/journal/00000000000000AB.log",
            "_spillway/journal/00000000000000ab.log.bak",
        ]
        try system.createDirectory("\(store.path)/_spillway/compact")
        for name in strangers { try store.replace(name, by: [1]) }
        try system.createDirectory("\(store.path)/year=2021")
        let report = try store.verify()
        #expect(report.isSound && report.registrations == SmallStore.rowCount)
        #expect(report.notes.map(\.file).sorted() == (strangers + ["year=2021"]).sorted())
        do {
            // The journal goes once a segment has its rows; nothing else does.
            let opened = try Store.open(store.path, system: system).store
            try opened.append(rowGroups: [rowGroupFrame(18..<21)], epoch: epoch(9))
            try opened.seal()
            try opened.recycleJournal()
        }
        _ = try Vacuum(storeAt: store.path, retentionMs: 0, system: system).run()
        for name in strangers { #expect(try store.bytes(of: name) == [1], "\(name)") }
        let journals = strangers.filter { $0.hasPrefix("_spillway/journal/") }.map { $0.split(separator: "/")[2] }
        #expect(try system.list("\(store.path)/_spillway/journal").sorted() == journals.map(String.init).sorted())
        #expect(try store.verify().registrations == SmallStore.rowCount)
    }

    @Test func whatDeltaPermitsIsNot() throws {
        let store = try SmallStore(in: directory)
        for name in [
            "_symlink_format_manifest", ".part-1.parquet.crc", "_delta_log/00000000000000000001.crc",
            "_delta_log/.00000000000000000001.json.crc", "_delta_log/_sidecars",
            "_delta_log/00000000000000000001.checkpoint.0000000001.0000000002.parquet",
            "_delta_log/00000000000000000001.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json",
            "_delta_log/00000000000000000001.00000000000000000002.compacted.json", "_spillway/lock",
            "_spillway/maintenance.lock", "_spillway/store.json.tmp", "_spillway/erase.json.tmp",
        ] { try store.replace(name, by: [1]) }
        let report = try store.verify()
        #expect(report.problems == [] && report.notes == [])
    }

    /// Data that another program has put in the table keeps the store from opening: no notice, but a problem.
    @Test func aFileThatAnotherProgramHasEntered() throws {
        let store = try SmallStore(in: directory)
        try store.replace("data-1.parquet", by: [1])
        let log = DeltaLog(layout: StoreLayout(root: store.path), system: system)
        var state = try log.load()
        let add = DeltaAction.AddFile(path: "data-1.parquet", size: 1, modificationTime: 1, dataChange: true)
        try log.commit(operation: "WRITE", [DeltaAction(add: add)], to: &state)
        let report = try store.verify()
        #expect(report.problems.map(\.file) == ["data-1.parquet"] && report.notes == [])
        #expect(throws: StoreError.self) { try StoreView(path: store.path, system: system) }
    }
}
