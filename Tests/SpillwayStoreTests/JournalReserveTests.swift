import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// A journal in a file that was filled with zeros ahead of it.
@Suite struct JournalReserveTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private var path: String { directory.path("store") }

    private func view() throws -> StoreView { try StoreView(path: path, system: system) }

    private func verify() throws -> VerificationReport { try Verification(path: path, system: system).run() }

    /// Four records of ten rows, all synced; where each ends.
    private func fill(_ store: Store, reserving byteCount: Int) throws -> [UInt64] {
        store.beginJournal(in: try store.makeReserve(byteCount))
        return try (0..<4).map { index in
            let first = UInt64(index * 10)
            try store.append(journalRecord: journalFrame(first..<first + 10), epoch: epoch(UInt64(index + 1)))
            try store.sync()
            return try #require(store.journalByteCount)
        }
    }

    private func journal() throws -> String {
        let layout = StoreLayout(root: path)
        let names = try system.list(layout.journal)
        return "\(layout.journal)/\(try #require(names.count == 1 ? names.first : nil))"
    }

    /// Also where it needs more than was reserved.
    @Test(arguments: [100, 3 << 20]) func itHoldsWhatWasAppended(byteCount: Int) throws {
        do {
            let store = try Store.open(path, system: system).store
            let ends = try fill(store, reserving: byteCount)
            #expect(try system.status(journal()).size == max(UInt64(byteCount), ends[3]))
            #expect(try identities(view()) == Array(0..<40))
            let report = try verify()
            #expect(report.problems.isEmpty && report.notes.isEmpty)
        }
        let opened = try Store.open(path, system: system)
        #expect(opened.view.journaled.count == 40)
        #expect(opened.store.lastEpoch == epoch(4))
    }

    @Test func nothingIsInItBeforeTheFirstRecord() throws {
        let store = try Store.open(path, system: system).store
        _ = try store.makeReserve(5_000)
        #expect(try system.status(journal()).size == 5_000)
        #expect(try view().rowCount == 0)
        let report = try verify()
        #expect(report.problems.isEmpty && report.notes.isEmpty)
    }

    /// A byte behind the last record is one of a write that was never acknowledged.
    @Test func whatIsTornIsNoted() throws {
        let store = try Store.open(path, system: system).store
        let ends = try fill(store, reserving: 20_000)
        try system.open(journal(), .write).write([1], at: ends[3] + 1_000)
        #expect(try view().rowCount == 40)
        let report = try verify()
        #expect(report.problems.isEmpty)
        #expect(report.notes.count == 1)
    }

    /// Zeros in the place of a record that a later one knew to be durable are damage, not an end.
    @Test func zerosInPlaceOfADurableRecordAreDamage() throws {
        let store = try Store.open(path, system: system).store
        let ends = try fill(store, reserving: 20_000)
        let zeros = [UInt8](repeating: 0, count: Int(ends[1] - ends[0]))
        try system.open(journal(), .write).write(zeros, at: ends[0])
        #expect(throws: StoreError.self) { try view() }
        #expect(try !verify().problems.isEmpty)
    }
}
