import Foundation
import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayEngine

/// Compaction and erasure while an engine runs.
@Suite struct EngineMaintenanceTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.path("store") }

    private func batch(_ identities: Range<Int>) -> RegistrationBatch {
        RegistrationBatch(identities.map { registration(UInt64($0)) })
    }

    /// Each commit makes a segment that is far below the size of a full one.
    private var configurationOfSmallSegments: EngineConfiguration {
        var configuration = EngineConfiguration.small
        configuration.segmentBytes = 200_000
        configuration.segmentAgeMs = 1
        return configuration
    }

    private var mergedFiles: [String] {
        get throws { try directory.names(in: "store").filter { $0.hasPrefix("merged-") } }
    }

    /// Every row is there once, whatever was merged while it came in, and the engine's own thread merged some.
    @Test func smallSegmentsAreMergedAsTheyCome() async throws {
        let configuration = configurationOfSmallSegments
        let engine = try Engine.open(at: path, configuration: configuration)
        var sent = 0
        // Every few segments are merged sooner or later.
        while try mergedFiles.isEmpty || sent < 12_000 {
            try #require(sent < 600_000, "nothing was merged")
            let batch = batch(sent..<sent + 600)
            sent += 600
            #expect(try await engine.ingest(batch).counts.accepted == 600)
            if sent % 3_000 == 0, sent <= 12_000 { #expect(try storedRegistrations(path).count == sent) }
        }
        #expect(engine.compactionFailure == nil)
        try engine.close()
        #expect(try storedRegistrations(path).count == sent)
        let reopened = try Engine.open(at: path, configuration: configuration)
        #expect(reopened.registrationCount == sent)
        try reopened.close()
    }

    /// It was for a merged file only, but which pages the system has given up on nobody knows.
    @Test(.timeLimit(.minutes(10))) func aFailedSyncOfAMergedFileIsFinal() async throws {
        let engine = try Engine.open(
            at: path, configuration: configurationOfSmallSegments,
            system: FailingSyncs(failing: 1, of: "_spillway/compact/"))
        var accepted = 0
        let error = try #require(
            await #expect(throws: EngineError.self) {
                while true { accepted += try await engine.ingest(batch(accepted..<accepted + 600)).counts.accepted }
            })
        #expect(engine.compactionFailure == error)
        await #expect(throws: error) { try await engine.ingest(batch(0..<1)) }
        #expect(throws: error) { try engine.close() }
        let stored = try storedRegistrations(path)
        #expect(stored.count >= accepted && (0..<UInt64(accepted)).allSatisfy { stored[$0] != nil })
    }

    @Test func aSettingTurnsMergingOff() async throws {
        var configuration = configurationOfSmallSegments
        configuration.compactsInBackground = false
        let engine = try Engine.open(at: path, configuration: configuration)
        for start in stride(from: 0, to: 12_000, by: 600) { _ = try await engine.ingest(batch(start..<start + 600)) }
        try engine.close()
        #expect(try directory.names(in: "store").filter { $0.hasPrefix("part-") }.count > 4)
        #expect(try mergedFiles.isEmpty)
    }

    /// Wherever the row is when the erasure begins (a sealed segment, the open one, the journal), it goes, and its
    /// identity may register again.
    @Test func anErasedIdentityMayRegisterAgain() async throws {
        let engine = try Engine.open(at: path, configuration: .small)
        for start in stride(from: 0, to: 9_000, by: 1_000) { _ = try await engine.ingest(batch(start..<start + 1_000)) }
        _ = try await engine.ingest(batch(9_000..<9_050))
        let victims = [3, 4_500, 8_999, 9_020].map { Identity(rawValue: $0) }

        #expect(try engine.erase(victims + [Identity(rawValue: 1 << 40)]) == 4)
        #expect(engine.registrationCount == 9_046)
        let stored = try storedRegistrations(path)
        #expect(stored.count == 9_046 && victims.allSatisfy { stored[$0.rawValue] == nil })
        #expect(try engine.erase(victims) == 0)

        let again = try await engine.ingest(RegistrationBatch(victims.map { registration($0.rawValue, at: 60) }))
        #expect(again.counts.accepted == 4)
        #expect(try await engine.ingest(batch(0..<10)).counts.accepted == 0)
        try engine.close()
        #expect(try storedRegistrations(path).count == 9_050)
        #expect(throws: EngineError.closed) { try engine.erase(victims) }
        let reopened = try Engine.open(at: path, configuration: .small)
        #expect(reopened.registrationCount == 9_050)
        try reopened.close()
    }

    /// Producers go on through an erasure: nothing that is not erased is lost or taken twice, and the erased one is
    /// there at most once.
    @Test func ingestionGoesOnThroughAnErasure() async throws {
        let path = path
        let engine = try Engine.open(at: path, configuration: .small)
        _ = try await engine.ingest(batch(0..<5_000))
        let erasures = 6
        async let ingested = Task.detached { () -> Int in
            var accepted = 0
            for round in 0..<60 {
                // Each round sends the victim again, and 300 new ones.
                let start = 5_000 + round * 300
                let rows = [registration(77)] + (start..<start + 300).map { registration(UInt64($0)) }
                accepted += try await engine.ingest(RegistrationBatch(rows)).counts.accepted
            }
            return accepted
        }.value
        var erased = 0
        for _ in 0..<erasures { erased += try engine.erase([Identity(rawValue: 77)]) }
        let accepted = try await ingested
        #expect(erased >= 1)
        #expect(engine.registrationCount == 5_000 + accepted - erased)
        try engine.close()
        let stored = try storedRegistrations(path)
        #expect(stored.count == 5_000 + accepted - erased)
        #expect((5_000..<23_000).allSatisfy { stored[$0] != nil })
    }

    /// A crash can leave a journal whose rows have become row groups, behind them a record of how far a stream has come
    /// and no row: the journal is not needed for these, and must not keep them.
    @Test(arguments: [false, true]) func supersededRowsGoFromTheJournal(hasNewRows: Bool) async throws {
        let victim = registration(0x1234_5678_9abc_def0)
        let position = StreamPosition(stream: 9, attempts: 30)
        try {
            let store = try Store.open(path, system: PosixSystem()).store
            let pool = RowBlockPool()
            let blocks = pool.pack(RegistrationBatch([victim]))
            let (record, rowGroup, end) = (FrameBuffer(), FrameBuffer(), FrameBuffer())
            JournalRecord.write(blocks, .none, into: record)
            RowGroupBuilder().build(blocks, into: rowGroup)
            JournalRecord.write([], .none, into: end)
            try store.append(journalRecord: record, epoch: EpochMark(number: 1, position: .none))
            try store.append(rowGroups: [rowGroup], epoch: EpochMark(number: 2, position: .none))
            try store.append(journalRecord: end, epoch: EpochMark(number: 3, position: position))
            try store.sync()
        }()
        let identity = Data(victim.identity.rawValue.littleEndianBytes)
        let holders = {
            try directory.names(in: "store/_spillway/journal")
                .filter { try Data(directory.bytes("store/_spillway/journal/\($0)")).range(of: identity) != nil }
        }
        #expect(try holders().count == 1)

        let engine = try Engine.open(at: path, configuration: .small)
        if hasNewRows { _ = try await engine.ingest(batch(0..<10)) }
        #expect(try engine.erase([victim.identity]) == 1)
        #expect(try holders().isEmpty)
        try engine.close()
        let opened = try Store.open(path, system: PosixSystem())
        #expect(opened.store.lastEpoch.position == position)
        #expect(opened.view.rowCount == (hasNewRows ? 10 : 0))
    }

    /// An engine that somebody else drives step by step erases, too.
    @Test func anEngineWithoutThreadsErases() throws {
        let engine = try Engine.open(at: path, configuration: .small, system: PosixSystem(), drive: .steps)
        _ = try engine.submit(batch(0..<100))
        #expect(try engine.erase([Identity(rawValue: 7)]) == 1)
        try engine.close()
        #expect(try storedRegistrations(path).count == 99)
    }
}
