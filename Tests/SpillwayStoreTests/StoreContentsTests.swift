import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

/// What an open store knows of its files without looking at them.
@Suite struct StoreContentsTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private var path: String { directory.path("store") }

    private func open() throws -> Store { try Store.open(path, system: system).store }

    private func appendRecord(_ rows: Range<UInt64>, _ number: UInt64, _ store: Store) throws {
        try store.append(journalRecord: journalFrame(rows), epoch: epoch(number))
    }

    private func appendRowGroup(_ rows: Range<UInt64>, _ number: UInt64, _ store: Store) throws {
        try store.append(rowGroups: [rowGroupFrame(rows)], epoch: epoch(number))
    }

    /// That views from memory and from the files hold the same.
    private func expectSame(_ store: Store, _ expected: Range<UInt64>) throws {
        let (known, files) = (try store.contents.view(), try StoreView(path: path, system: system))
        #expect(try rows(known) == rows(files))
        #expect(try identities(known) == Array(expected))
        #expect(known.lastEpoch == files.lastEpoch)
        #expect(try known.loadOutcomes() == files.loadOutcomes())
        #expect(try !known.loadOutcomes().isEmpty)
    }

    @Test func whatIsNotPublishedIsNotSeen() throws {
        let store = try open()
        try appendRecord(0..<10, 1, store)
        #expect(try store.contents.view().rowCount == 0)
        store.publish()
        #expect(try identities(store.contents.view()) == Array(0..<10))
        try store.append(rowGroups: [rowGroupFrame(0..<10), rowGroupFrame(10..<30)], epoch: epoch(2))
        try store.sync()
        #expect(try identities(store.contents.view()) == Array(0..<10))
        store.publish()
        try expectSame(store, 0..<30)
        try store.recycleJournal()
        try store.seal()
        try expectSame(store, 0..<30)
    }

    /// Row groups that come in the place of journal records leave those of later epochs where they are.
    @Test func settledRowsAreNotSeenTwice() throws {
        let store = try open()
        for number in 1...6 as ClosedRange<UInt64> {
            try appendRecord((number - 1) * 10..<number * 10, number, store)
            store.publish()
        }
        try appendRowGroup(0..<40, 4, store)
        store.publish()
        try expectSame(store, 0..<60)
        #expect(try store.contents.view().journaled.count == 20)
        try store.seal()
        try expectSame(store, 0..<60)
        try appendRecord(60..<70, 7, store)
        try appendRowGroup(40..<70, 7, store)
        store.publish()
        try expectSame(store, 0..<70)
        #expect(try store.contents.view().journaledBatches.isEmpty)
    }

    /// A view that is kept shares what it has with those that come after, and is not changed by them.
    @Test func aViewThatIsKeptStaysAsItWas() throws {
        let store = try open()
        var held: [(UInt64, StoreView)] = []
        for number in 1...40 as ClosedRange<UInt64> {
            if number % 10 == 0 {
                try appendRowGroup((number - 10) * 5..<number * 5, number, store)
            } else {
                try appendRecord((number - 1) * 5..<number * 5, number, store)
            }
            try store.sync()
            store.publish()
            if number % 20 == 0 { try store.seal() }
            held.append((number * 5, try store.contents.view()))
        }
        for (count, view) in held { #expect(try identities(view) == Array(0..<count)) }
    }

    @Test func journaledRowsAreGatheredInBatches() throws {
        var journaled = JournaledBatches()
        var next: UInt64 = 0
        func append(_ count: UInt64, epoch: UInt64) {
            journaled.append(
                RegistrationBatch(
                    (next..<next + count).map {
                        Registration(
                            registeredAt: Timestamp(rawValue: 0), identity: Identity(rawValue: $0), country: .unknown,
                            platform: "web", source: "organic", latencyUs: 0)
                    }), .none, epoch: epoch)
            next += count
        }
        func rows() -> [UInt64] { journaled.batches.flatMap { $0.identity.map(\.rawValue) } }

        for epoch in 1...1_000 as ClosedRange<UInt64> { append(7, epoch: epoch) }
        append(5_000, epoch: 1_001)
        append(0, epoch: 1_002)
        append(1, epoch: 1_003)
        #expect(rows() == Array(0..<12_001))
        #expect(journaled.batches.count == 4)
        journaled.removeEpochs(upTo: 700)
        #expect(rows() == Array(4_900..<12_001))
        journaled.removeEpochs(upTo: 1_000)
        #expect(rows() == Array(7_000..<12_001))
        journaled.removeEpochs(upTo: 1_002)
        #expect(rows() == Array(12_000..<12_001))
        append(3, epoch: 1_004)
        journaled.removeEpochs(upTo: 1_004)
        #expect(journaled.batches.isEmpty)
    }

    /// Sealing makes a view neither lose rows nor show them twice, whichever version of the log is read first.
    @Test func theNewerVersionOfTheLogCounts() throws {
        try writeSegments([Array(0..<100), Array(100..<200)], to: path, system: system)
        let store = try open()
        let before = store.logState
        try appendRowGroup(200..<300, store.lastEpoch.number + 1, store)
        try store.sync()
        try store.seal()
        let sealed = store.logState
        #expect(try Compaction(storeAt: path, system: system).run().segmentsAfter == 1)
        try store.contents.refresh()
        try expectSame(store, 0..<300)
        #expect(try store.contents.view().segments.map(\.name.kind) == [.merged])
        for old in [before, sealed] { try store.contents.adopt(old) }
        try expectSame(store, 0..<300)
    }

    /// A segment whose footer cannot be read back stays as it is known.
    @Test func aSegmentIsSeenThoughItsFooterCannotBeRead() throws {
        let store = try open()
        try appendRowGroup(0..<50, 1, store)
        store.publish()
        let known = try store.contents.view()
        var table = store.logState
        try store.seal()
        // Another store's log, as it were: a live file that is not there.
        table.version += 100
        table.live["part-00009-0000000000000009.parquet"] = store.logState.live.values.first
        #expect(throws: StoreError.self) { try store.contents.adopt(table) }
        try expectSame(store, 0..<50)
        #expect(try identities(known) == Array(0..<50), "by the file that it holds open")
    }

    /// After an erasure there is no view until the log can be read.
    @Test func anOutdatedTableIsNotShown() throws {
        try writeSegments([Array(0..<10), Array(10..<20)], to: path, system: system)
        let store = try open()
        #expect(try Erasure(storeAt: path, system: system).run([3]).rowCount == 1)
        #expect(try store.contents.view().rowCount == 20)
        store.contents.requireRefresh()
        let log = StoreLayout(root: path).log
        try system.rename(log, to: "\(log)-away")
        #expect(throws: StoreError.self) { try store.contents.view() }
        #expect(throws: StoreError.self) { try store.contents.view() }
        try system.rename("\(log)-away", to: log)
        #expect(try identities(store.contents.view()) == Array(0..<20).filter { $0 != 3 })
    }
}
