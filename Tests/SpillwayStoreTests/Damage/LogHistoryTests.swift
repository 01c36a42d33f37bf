import Foundation
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// What verification makes of a log with checkpoints, and of versions that were cleaned up behind them.
@Suite struct LogHistoryTests {
    private let directory = TemporaryDirectory()
    private let system = UnsyncedSystem()
    private var path: String { directory.path("store") }
    private var log: DeltaLog { DeltaLog(layout: StoreLayout(root: path), system: system) }

    /// A store of twelve rows. Versions 1 and 2 add a segment each, 3 puts one in their place, 4 and 5 add one each;
    /// with checkpoints of some.
    private func store(checkpoints: [Int]) throws {
        for version in 1...5 {
            if version == 3 {
                _ = try Compaction(storeAt: path, system: system).run()
            } else {
                let first = UInt64(version < 3 ? version * 4 - 4 : version * 2)
                try writeSegments([first..<first + (version < 3 ? 4 : 2)], to: path, system: system)
            }
            if checkpoints.contains(version) { try checkpoint(version) }
        }
    }

    private func checkpoint(_ version: Int) throws {
        let state = try log.load()
        #expect(state.version == version)
        try log.checkpoint(state)
    }

    private func removeVersions(_ versions: some Sequence<Int>) throws {
        for version in versions { try system.remove(log.filePath(version)) }
    }

    private func report() throws -> VerificationReport { try Verification(path: path, system: system).run() }

    private func file(_ version: Int) -> String { String(log.checkpointPath(version).dropFirst(path.count + 1)) }

    /// Puts a checkpoint in the place of another, with the actions that `change` leaves; nothing counts them.
    private func forge(_ version: Int, _ change: (inout [DeltaAction]) throws -> Void) throws {
        var actions = try DeltaCheckpoint.decode(system.open(log.checkpointPath(version), .read))
        try change(&actions)
        let target = try system.open(log.checkpointPath(version), .write)
        try target.truncate(to: 0)
        try target.write(DeltaCheckpoint.encode(actions, rowsPerGroup: 100), at: 0)
        try system.remove("\(path)/_delta_log/_last_checkpoint")
    }

    @Test func checkpointsThatAgreeAreSound() throws {
        try store(checkpoints: [1, 3, 5])
        let report = try report()
        #expect(report.problems == [] && report.notes == [] && report.registrations == 12)
    }

    /// As programs that clean up a log leave it: its oldest versions are gone, and maybe the oldest checkpoints.
    @Test(arguments: [0..<3, 0..<4, 0..<5, 0..<6] as [Range<Int>], [false, true])
    func versionsThatWereCleanedUpAreNotMissing(_ versions: Range<Int>, _ keepsFirstCheckpoint: Bool) throws {
        try store(checkpoints: [1, 3, 5])
        try removeVersions(versions)
        if !keepsFirstCheckpoint { try system.remove(log.checkpointPath(1)) }
        let report = try report()
        #expect(report.problems == [] && report.notes == [] && report.registrations == 12)
        #expect(try identities(StoreView(path: path, system: system)) == Array(0..<12))
    }

    /// The log says nothing any more of a segment that was merged: it is not counted again, and no damage.
    @Test func aSegmentThatACleanedUpLogHasForgotten() throws {
        try store(checkpoints: [3])
        try forge(3) { $0.removeAll { $0.remove != nil } }
        try removeVersions(0...3)
        let report = try report()
        #expect(report.problems == [] && report.registrations == 12)
        #expect(report.notes.count == 2 && report.notes.allSatisfy { $0.file.hasPrefix("part-") })
    }

    @Test(arguments: [[0, 1, 2, 3, 4], [2], [1, 3]])
    func versionsThatNoCheckpointStandsForAreMissing(_ versions: [Int]) throws {
        try store(checkpoints: [2])
        try removeVersions(versions)
        let problems = try report().problems
        let first = versions.contains(0) ? 3 : versions[0]
        #expect(problems.first?.problem == "version \(first) of the log is missing", "\(problems)")
        #expect(problems.first?.file.hasPrefix("_delta_log/") == true)
    }

    @Test func aDamagedCheckpointIsNamedWithWhatItStoodFor() throws {
        try store(checkpoints: [3])
        try system.open(log.checkpointPath(3), .write).write([0xff, 0xff], at: 40)
        let problems = try report().problems
        #expect(problems.map(\.file) == [file(3)] && problems.allSatisfy { $0.offset > 0 })
        try removeVersions(0...3)
        #expect(
            try Set(report().problems.map(\.problem)).isSuperset(of: [
                problems[0].problem, "version 0 of the log is missing",
            ]))
    }

    /// What a checkpoint holds too much, too little, or otherwise.
    @Test(arguments: [
        "add", "no add", "size", "statistics", "remove", "no remove", "epoch", "no epoch", "protocol", "metadata",
        "twice",
    ])
    func aCheckpointThatLies(_ lie: String) throws {
        try store(checkpoints: [3])
        try forge(3) { actions in
            let add = try #require(actions.firstIndex { $0.add != nil })
            let remove = try #require(actions.firstIndex { $0.remove != nil })
            let epoch = try #require(actions.firstIndex { $0.txn?.appId == "spillway.epoch" })
            switch lie {
            case "add":
                var other = actions[add]
                other.add?.path = "part-00009-0000000000000009.parquet"
                actions.append(other)
            case "no add": actions.remove(at: add)
            case "size": actions[add].add?.size += 1
            case "statistics": actions[add].add?.stats = nil
            case "remove": actions[remove].remove?.path = "part-00009-0000000000000009.parquet"
            case "no remove": actions.remove(at: remove)
            case "epoch": actions[epoch].txn?.version += 1
            case "no epoch": actions.remove(at: epoch)
            case "protocol": actions[0].protocolVersions?.minReaderVersion = 2
            case "metadata": actions[1].metaData?.id = "other"
            default: actions.append(actions[add])
            }
        }
        #expect(try report().problems.contains { $0.file == file(3) && $0.problem.contains("checkpoint") })
    }

    /// A tombstone of a file that is gone may be there or not.
    @Test func aCheckpointMayForgetFilesThatAreGone() throws {
        try store(checkpoints: [3])
        let root = path
        for path in try log.load().removed.keys { try system.remove("\(root)/\(path)") }
        try forge(3) { $0.removeAll { $0.remove != nil } }
        #expect(try report().problems == [])
    }

    @Test func whatNamesTheLastCheckpoint() throws {
        try store(checkpoints: [1, 3])
        let hint = "\(path)/_delta_log/_last_checkpoint"
        func problems(_ text: String) throws -> [String] {
            let file = try system.open(hint, .createIfAbsent)
            try file.truncate(to: 0)
            try file.write(Array(text.utf8), at: 0)
            let report = try report()
            #expect((report.problems + report.notes).allSatisfy { $0.file == "_delta_log/_last_checkpoint" })
            return (report.problems + report.notes).map(\.problem)
        }
        let intact = String(decoding: try system.readAll(hint), as: UTF8.self)
        #expect(try problems(intact) == [])
        #expect(try problems("{\"version\":2,\"size\":5}").first?.contains("there is none") == true)
        #expect(try problems("{\"version\":3,\"size\":1}").first?.contains("counts 1 actions") == true)
        #expect(try problems("{\"version\":3}") == ["it does not name a checkpoint"])
        #expect(try problems("{\"version\":1,\"size\":5}").last?.contains("there is one of 3") == true)
        try system.remove(hint)
        #expect(try report().isSound, "readers list the log without it")
    }

    /// Of other programs, whose footers say so: it is passed over as long as the versions are there.
    @Test func aCheckpointInAnotherForm() throws {
        try store(checkpoints: [])
        let foreign = try system.open(log.checkpointPath(3), .create)
        try foreign.write(system.readAll("\(path)/\(try #require(try log.load().live.keys.min()))"), at: 0)
        let own = try report()
        #expect(own.problems.map(\.file) == [file(3)], "Spillway wrote it")
        try foreign.truncate(to: 0)
        try foreign.write(Array("PAR1 by somebody else".utf8), at: 0)
        let report = try report()
        #expect(report.problems == [] && report.notes.map(\.file) == [file(3)])
        try removeVersions(0...3)
        #expect(try self.report().problems.contains { $0.problem == "version 0 of the log is missing" })
    }
}
