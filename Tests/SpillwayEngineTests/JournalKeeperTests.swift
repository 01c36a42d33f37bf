import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayEngine

/// Files of journals that are made before they are needed.
@Suite struct JournalKeeperTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.path("store") }

    private static let reserveBytes = 4_000

    private func open(_ system: any System = PosixSystem()) throws -> Engine {
        var configuration = EngineConfiguration()
        configuration.journalReserveBytes = Self.reserveBytes
        configuration.maximumCommitDelayUs = 0
        return try Engine.open(at: path, configuration: configuration, system: system)
    }

    private func sizes() throws -> [UInt64] {
        let journal = StoreLayout(root: path).journal
        let system = PosixSystem()
        return try system.list(journal).map { try system.status("\(journal)/\($0)").size }
    }

    private func ingest(_ index: Int, into engine: Engine) throws {
        let first = UInt64(1 + index * 10)
        let answer = try engine.submit(RegistrationBatch((first..<first + 10).map { registration($0) })).wait()
        #expect(answer.counts.accepted == 10)
    }

    /// Waits for what another thread does.
    private func isSoon(_ condition: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<5_000 {
            if try condition() { return true }
            MonotonicClock.sleep(us: 2_000)
        }
        return false
    }

    /// Each batch is an epoch of some 350 bytes.
    @Test func theJournalGoesOnInAFileThatWasMadeForIt() throws {
        let engine = try open()
        for index in 0..<8 { try ingest(index, into: engine) }
        #expect(try isSoon { try sizes().contains(UInt64(Self.reserveBytes)) })
        #expect(try sizes().count == 2)
        for index in 8..<60 { try ingest(index, into: engine) }
        #expect(try sizes().count > 2)
        #expect(try StoreView(path: path, system: PosixSystem()).journaled.count == 600)
        try engine.close()
        #expect(try sizes().isEmpty)
        #expect(try StoreView(path: path, system: PosixSystem()).rowCount == 600)
    }

    @Test func aStoreOfFewRowsHasOneJournal() throws {
        let engine = try open()
        for index in 0..<2 { try ingest(index, into: engine) }
        #expect(try sizes().count == 1)
        #expect(try sizes().allSatisfy { $0 < Self.reserveBytes / 4 })
        try engine.close()
    }

    /// What the keeper could not sync may be what a journal is to stand on.
    @Test func aFailedSyncIsFinal() throws {
        // Fails from the moment on at which the file of the second journal is synced, whoever else syncs then.
        let engine = try open(FailingSyncs(failing: 9, of: "journal/"))
        var failure: EngineError?
        for index in 0..<40 where failure == nil {
            do {
                try ingest(index, into: engine)
            } catch let error as EngineError {
                failure = error
            }
        }
        #expect(failure.map { !$0.isTransient } == true)
        #expect(throws: EngineError.self) { try engine.close() }
    }

    /// The keeper's own, with nobody else at work.
    @Test func aFailedSyncOfAReserveIsTold() throws {
        _ = try Store.open(path, system: PosixSystem())
        let told = Monitor<StoreError?>(nil)
        let keeper = JournalKeeper(
            reserveBytes: 1_000, layout: StoreLayout(root: path), system: FailingSyncs(failing: 1, of: "journal/")
        ) { error in told.withLock { $0 = error } }
        let thread = WorkerThread { keeper.run() }
        keeper.prepareReserve()
        #expect(isSoon { told.withLock { $0 != nil } })
        #expect(told.withLock { $0?.isFailedSync } == true)
        #expect(!keeper.hasReserve)
        keeper.close()
        thread.join()
    }

    @Test func aReserveThatIsNotNeededGoes() throws {
        _ = try Store.open(path, system: PosixSystem())
        let keeper = JournalKeeper(
            reserveBytes: 1_000, layout: StoreLayout(root: path), system: PosixSystem()
        ) { error in Issue.record("\(error)") }
        let thread = WorkerThread { keeper.run() }
        keeper.prepareReserve()
        #expect(isSoon { keeper.hasReserve })
        #expect(try sizes() == [1_000])
        keeper.close()
        thread.join()
        #expect(try sizes().isEmpty)
    }
}
