import Foundation
import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// A repaired store holds all that is sound, once, and is sound itself; the one it came from stays as it is.
@Suite struct RepairTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private let store: SmallStore

    init() throws { store = try SmallStore(in: directory) }

    /// Repairs, checks what always holds, and returns the report and the identities in the new store.
    private func repair() throws -> (report: RepairReport, identities: [UInt64]) {
        let before = try contents(of: store.path)
        let target = directory.path("repaired")
        let report = try Repair(path: store.path, newPath: target, system: system).run()
        #expect(try contents(of: store.path) == before)
        let verified = try Verification(path: target, system: system).run()
        #expect(verified.problems == [] && verified.notes == [])
        #expect(verified.registrations == report.registrations && verified.segments == report.segments)
        let opened = try Store.open(target, system: system)
        #expect(opened.view.lastEpoch.position == report.position)
        return (report, try identities(opened.view))
    }

    private func contents(of path: String) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            result[name] = FileManager.default.contents(atPath: "\(path)/\(name)")
        }
        return result
    }

    private func flip(_ file: String, _ offset: Int) throws {
        var bytes = try store.bytes(of: file)
        bytes[offset] ^= 4
        try store.replace(file, by: bytes)
    }

    /// Where the file's frames begin, by the magic.
    private func frames(_ file: String) throws -> [Int] {
        let bytes = try store.bytes(of: file)
        let magic = Array("SPWF".utf8)
        return (0..<bytes.count - 4).filter { bytes[$0..<$0 + 4].elementsEqual(magic) }
    }

    private let everything = Array(0..<UInt64(SmallStore.rowCount))

    @Test func ofASoundStoreNothingIsLost() throws {
        let (report, identities) = try repair()
        #expect(identities == everything && report.losses == [])
        #expect(report.position == epoch(8).position)
        let copied = try StoreMetadata.read(layout: StoreLayout(root: directory.path("repaired")), system: system)
        #expect(
            try copied.routingKey
                == StoreMetadata.read(layout: StoreLayout(root: store.path), system: system).routingKey)
    }

    /// A page of the second row group of three: its two rows are lost, and the position behind it.
    @Test func aDamagedRowGroup() throws {
        let second = try frames(store.sealed[0])[1]
        try flip(store.sealed[0], second + FrameHeader.byteCount + 45)
        let (report, identities) = try repair()
        #expect(identities == everything.filter { !(4..<6).contains($0) })
        #expect(report.losses.map(\.rows) == [2] && report.losses.first?.problem.file == store.sealed[0])
        #expect(report.position == .none, "epoch 1 is the damaged row group's")
    }

    @Test func damageInTheMiddleOfTheOpenSegment() throws {
        let second = try frames(store.open)[1]
        try flip(store.open, second + FrameHeader.byteCount + 45)
        #expect(throws: StoreError.self) { try StoreView(path: store.path, system: system) }
        let (report, identities) = try repair()
        #expect(identities == everything.filter { !(14..<16).contains($0) })
        #expect(report.losses.map(\.rows) == [2])
        #expect(report.position == epoch(4).position)
    }

    /// The pages of a sealed row group are found through the footer, those of an open one are lost.
    @Test func damagedFrameHeaders() throws {
        try flip(store.sealed[0], try frames(store.sealed[0])[1] + 20)
        try flip(store.open, try frames(store.open)[0] + 20)
        let (report, identities) = try repair()
        #expect(identities == everything.filter { !(12..<14).contains($0) })
        #expect(report.losses.map(\.rows) == [nil] && report.losses.first?.problem.file == store.open)
        #expect(report.position == .none)
    }

    @Test func aDamagedFooterLosesNothing() throws {
        try flip(store.sealed[0], try store.bytes(of: store.sealed[0]).count - 100)
        let (report, identities) = try repair()
        #expect(identities == everything && report.losses == [])
    }

    @Test func aDamagedLogLosesNothing() throws {
        try flip(store.logVersion(1), 200)
        let (report, identities) = try repair()
        #expect(identities == everything && report.losses == [])
    }

    @Test func aDamagedJournalRecord() throws {
        try flip(store.journal, FrameHeader.byteCount + 3)
        let (report, identities) = try repair()
        #expect(identities == everything.filter { !(18..<20).contains($0) })
        #expect(report.losses.map(\.rows) == [2] && report.position == epoch(6).position)
    }

    @Test func aDamagedKeyIsMadeAnew() throws {
        try flip("_spillway/store.json", 40)
        let (report, identities) = try repair()
        #expect(identities == everything && report.losses == [])
    }

    /// What an erasure that was interrupted was to remove is not brought back.
    @Test func anInterruptedErasureIsFinished() throws {
        try ErasureIntent(identities: [3, 999]).write(StoreLayout(root: store.path), system)
        let target = directory.path("repaired")
        _ = try Repair(path: store.path, newPath: target, system: system).run()
        let left = try identities(Store.open(target, system: system).view)
        #expect(left == everything.filter { $0 != 3 && $0 != 999 })
    }

    @Test func aMissingFile() throws {
        try system.remove("\(store.path)/\(store.sealed[1])")
        let (report, identities) = try repair()
        #expect(identities == everything.filter { !(9..<12).contains($0) })
        #expect(report.losses.map(\.rows) == [3] && report.position == .none)
    }

    /// A segment and the journal hold the same rows, as they do when a crash comes before the journal goes.
    @Test func whatIsStoredTwiceIsTakenOnce() throws {
        let other = directory.path("twice")
        do {
            let store = try Store.open(other, system: system).store
            try store.append(journalRecord: journalFrame(5..<8), epoch: epoch(1))
            try store.append(rowGroups: [rowGroupFrame(0..<10)], epoch: epoch(2))
            try store.append(rowGroups: [rowGroupFrame(8..<12)], epoch: epoch(3))
            try store.sync()
        }
        let report = try Repair(path: other, newPath: directory.path("once"), system: system).run()
        #expect(report.losses == [] && report.registrations == 12)
        let view = try StoreView(path: directory.path("once"), system: system)
        #expect(try identities(view) == Array(0..<12))
    }

    @Test func aDirectoryThatIsThereIsNotWrittenInto() throws {
        try system.createDirectory(directory.path("there"))
        #expect(throws: StoreError.exists(path: directory.path("there"))) {
            try Repair(path: store.path, newPath: directory.path("there"), system: system).run()
        }
        #expect(try system.list(directory.path("there")).isEmpty)
    }
}
