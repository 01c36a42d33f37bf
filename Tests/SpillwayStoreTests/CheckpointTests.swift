import Foundation
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct CheckpointTests {
    private let directory = TemporaryDirectory()
    private let system = UnsyncedSystem()
    private var layout: StoreLayout { StoreLayout(root: directory.path) }

    private func log(_ system: (any System)? = nil, interval: Int = 3) -> DeltaLog {
        DeltaLog(layout: layout, system: system ?? self.system, checkpointInterval: interval)
    }

    /// A log of versions 0 to `last`. Every version adds a file; some take an older one out of the table.
    private func makeLog(
        last: Int, _ log: DeltaLog, removalAgeMs: Int64 = 0
    ) throws -> DeltaLog.State {
        try system.createDirectory(layout.log)
        var state = try log.create(id: "b3a1")
        for version in 1...last {
            var actions = [
                DeltaAction(
                    add: .init(
                        path: "part-\(version).parquet", size: Int64(version), modificationTime: 7, dataChange: true,
                        stats: version % 4 == 0 ? nil : "{\"numRecords\":\(version)}")),
                DeltaAction(txn: .init(appId: "spillway.epoch", version: Int64(version), lastUpdated: 1)),
            ]
            if version % 5 == 0, let old = state.live["part-\(version - 2).parquet"] {
                let atMs = system.wallMs() - removalAgeMs
                actions.append(DeltaAction(remove: .init(old, atMs: atMs, dataChange: true)))
                actions.append(DeltaAction(txn: .init(appId: "stream \(version)", version: 5, lastUpdated: nil)))
            }
            try log.commit(operation: "WRITE", actions, to: &state)
        }
        return state
    }

    private func name(_ version: Int, _ suffix: String) -> String {
        layout.log + "/" + String(repeating: "0", count: 20 - String(version).count) + "\(version)\(suffix)"
    }
    private func json(_ version: Int) -> String { name(version, ".json") }
    private func checkpoint(_ version: Int) -> String { name(version, ".checkpoint.parquet") }

    @Test func loadingReadsTheCheckpointAndWhatFollows() throws {
        let written = try makeLog(last: 250, log(interval: 100))
        #expect(written.version == 250 && written.live.count == 200 && written.removed.count == 50)
        let watched = WatchedSystem()
        #expect(try log(watched).load() == written)
        #expect(watched.readPaths == [checkpoint(200)] + (201...250).map(json))
        #expect(
            try String(decoding: system.readAll("\(layout.log)/_last_checkpoint"), as: UTF8.self)
                .contains("\"version\":200"))
        for version in [100, 200] { try system.remove(checkpoint(version)) }
        #expect(try log().load() == written, "a full replay is the same")
    }

    @Test func theVersionsThatACheckpointStandsForMayGo() throws {
        let written = try makeLog(last: 7, log())
        for version in 0...6 { try system.remove(json(version)) }
        #expect(try log().load() == written)
        try system.remove(json(7))
        #expect(try log().load().version == 6)
    }

    @Test func aGapAfterACheckpointIsNamed() throws {
        _ = try makeLog(last: 8, log())
        try system.remove(json(7))
        #expect(
            throws: StoreError.damaged(path: json(8), offset: 0, problem: "version 7 of the log is missing")
        ) { try log().load() }
    }

    @Test func aDamagedCheckpointGivesWayToTheVersions() throws {
        let written = try makeLog(last: 7, log())
        try system.open(checkpoint(6), .write).truncate(to: 100)
        let watched = WatchedSystem()
        #expect(try log(watched).load() == written)
        #expect(watched.readPaths == [checkpoint(6), checkpoint(3)] + (4...7).map(json))

        try system.remove(json(5))
        let error = #expect(throws: StoreError.self) { try log().load() }
        guard case .damaged(checkpoint(6), 96, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        for version in [4, 6, 7] { try system.remove(json(version)) }
        #expect(throws: StoreError.self, "version 6 is not forgotten") { try log().load() }
    }

    /// Cut at any byte: with the versions, the state is right; without them, it is an error.
    @Test func everyTruncationOfACheckpoint() throws {
        let written = try makeLog(last: 3, log())
        let intact = try system.readAll(checkpoint(3))
        let file = try system.open(checkpoint(3), .write)
        for count in stride(from: intact.count - 1, through: 0, by: -13) {
            try file.truncate(to: UInt64(count))
            if try log().load() != written { Issue.record("\(count) bytes give another state") }
        }
        for version in 0...3 { try system.remove(json(version)) }
        for count in intact.indices {
            try file.write([intact[count]], at: UInt64(count))
            if count < intact.count - 1 {
                #expect(throws: StoreError.self) { try log().load() }
            } else {
                #expect(try log().load() == written)
            }
        }
    }

    /// Without the versions, there is nothing to make up for it.
    @Test func aFlippedBitInAnyByteIsNoticed() throws {
        _ = try makeLog(last: 3, log())
        for version in 0...3 { try system.remove(json(version)) }
        let intact = try system.readAll(checkpoint(3))
        let unnoticed = FlippedBits(of: 0..<intact.count).unnamed("a checkpoint that stands alone") { bit in
            do throws(StoreError) {
                _ = try log(AlteredSystem(checkpoint(3), intact, flipping: bit)).load()
                return false
            } catch {
                guard case .damaged(checkpoint(3), _, _) = error else { return false }
                return true
            }
        }
        #expect(unnoticed == [])
    }

    @Test func whatACrashLeavesIsPassedOver() throws {
        let written = try makeLog(last: 4, log())
        let temporary = "\(layout.log)/.3.00000000000000ab.tmp"
        try system.open(temporary, .create).write([1, 2, 3], at: 0)
        try system.remove(checkpoint(3))
        #expect(try log().load() == written, "_last_checkpoint names a file that is not there")
        var state = written
        for _ in 5...6 { try log().commit(operation: "WRITE", [], to: &state) }
        #expect(try system.exists(checkpoint(6)))
        #expect(try log().load() == state)
    }

    /// No space or no descriptors for a checkpoint: the commit stands, and the next multiple tries again.
    @Test(arguments: [
        ("rename", ".checkpoint", ENOSPC), ("rename", ".checkpoint", EIO), ("rename", "_last_checkpoint", EMFILE),
    ]) func aCheckpointThatCannotBeWrittenFailsNoCommit(_ call: String, _ part: String, _ code: Int32) throws {
        let isFull = Monitor(true)
        let watched = WatchedSystem { seen, path in
            seen == call && path.contains(part) && isFull.withLock { $0 } ? code : nil
        }
        var state = try makeLog(last: 4, log(watched))
        #expect(state.version == 4)
        #expect(try system.exists(checkpoint(3)) == (part == "_last_checkpoint"))
        #expect(try system.list(layout.log).allSatisfy { !$0.hasSuffix(".tmp") })
        isFull.withLock { $0 = false }
        for _ in 5...6 { try log(watched).commit(operation: "WRITE", [], to: &state) }
        #expect(try system.exists(checkpoint(6)))
        #expect(try log().load() == state)
    }

    @Test func aFailedSyncOfACheckpointIsFinal() throws {
        let count = Monitor(0)
        // One for each version's name; the fifth is the checkpoint's.
        let watched = WatchedSystem { call, _ in
            call == "fsync"
                && count.withLock {
                    $0 += 1; return $0 == 5
                } ? EIO : nil
        }
        let error = #expect(throws: StoreError.self) { try makeLog(last: 4, log(watched)) }
        #expect(error == .system(SystemError(call: "fsync", path: layout.log, code: EIO)))
        #expect(try log().load().version == 3)
    }

    /// A tombstone goes when it is old and its file is gone.
    @Test func oldTombstonesOfFilesThatAreGoneAreLeftOut() throws {
        try system.open(directory.path("part-3.parquet"), .create).write([1], at: 0)
        let written = try makeLog(last: 12, log(), removalAgeMs: 8 * 24 * 3_600_000)
        #expect(written.removed.keys.sorted() == ["part-3.parquet", "part-8.parquet"])
        #expect(try log().load().removed.keys.sorted() == ["part-3.parquet"])
    }

    /// What a newer protocol asks for would be lost in a checkpoint of an older one.
    @Test func aTableOfANewerProtocolGetsNoCheckpoint() throws {
        var state = try makeLog(last: 1, log())
        let newer = DeltaAction(protocolVersions: .init(minReaderVersion: 3, minWriterVersion: 7))
        for _ in 2...6 { try log().commit(operation: "UPGRADE", [newer], to: &state) }
        #expect(try system.list(layout.log).allSatisfy { !$0.hasSuffix(".parquet") })
    }

    @Test func largeStatesTakeSeveralRowGroups() throws {
        var state = try makeLog(last: 2, log())
        let files = (0..<9_000).map { number in
            DeltaAction(
                add: .init(path: "file-\(number)", size: 1, modificationTime: 2, dataChange: true, stats: "{}"))
        }
        try log().commit(operation: "WRITE", files, to: &state)
        let watched = WatchedSystem()
        #expect(try log(watched).load() == state)
        #expect(watched.readPaths == [checkpoint(3)])
    }
}
