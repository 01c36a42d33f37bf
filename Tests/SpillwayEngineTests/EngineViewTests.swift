import Foundation
import SpillwayModel
import SpillwayPlatform
import SpillwaySimulation
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayEngine

/// Views that an open engine gives from memory.
@Suite struct EngineViewTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.path("store") }

    private func batch(_ identities: Range<Int>) -> RegistrationBatch {
        RegistrationBatch(identities.map { registration(UInt64($0)) })
    }

    private func identities(_ view: StoreView) throws -> Set<UInt64> { Set(try storedRegistrations(view).keys) }

    /// After each step of a run, rows in journals, in an open segment, in sealed ones and on their way between these.
    @Test func aViewIsWhatTheFilesHold() throws {
        let run = SimulatedRun()
        // Small ones that are all new are settled as soon as they make a row group.
        let settled = (0..<12).map { batch(1_000 + $0 * 10..<1_010 + $0 * 10) }
        let engine = try run.open(run.machine.start())
        let steps = try #require(engine.steps)
        var seen: Set<String> = []
        for batch in run.batches + settled {
            let ticket = try engine.submit(batch)
            _ = try ticket.poll()
            while steps.cut() || steps.encode() || steps.append() {
                let view = try engine.view()
                let files = try StoreView(path: SimulatedRun.path, system: run.machine.start())
                #expect(try storedRegistrations(view) == storedRegistrations(files))
                #expect(view.rowCount == files.rowCount && view.lastEpoch == files.lastEpoch)
                #expect(view.segments.map(\.name) == files.segments.map(\.name))
                if view.journaledBatches.count > 0 { seen.insert("journal") }
                for segment in view.segments {
                    seen.insert(segment.path.contains("/_spillway/open/") ? "open" : "sealed")
                }
            }
            #expect(try ticket.poll() != nil)
        }
        #expect(seen == ["journal", "open", "sealed"])
        #expect(try identities(engine.view()) == Set(run.expected.keys).union(1_000..<1_120))
        try engine.close()
        #expect(throws: EngineError.closed) { try engine.view() }
    }

    /// At every call of the system a view holds what is acknowledged by then, and no part of what is being written.
    @Test func whatIsBeingWrittenIsNotSeen() throws {
        let run = SimulatedRun(batchSizes: [3, 90, 2, 200, 1, 12, 7, 9, 11, 60])
        let system = ObservedSystem(run.machine.start())
        let engine = try Engine.open(
            at: SimulatedRun.path, configuration: SimulatedRun.configuration, system: system, drive: .steps)
        var before = 0
        for (index, batch) in run.batches.enumerated() {
            let after = run.expected(upTo: run.start(of: index + 1)).count
            let ticket = try engine.submit(batch)
            #expect(try ticket.poll() == nil)
            let moments = Monitor<Set<Moment>>([])
            system.observe {
                let moment = Moment(isAnswered: (try? ticket.poll()) != nil, rowCount: try? engine.view().rowCount)
                moments.withLock { _ = $0.insert(moment) }
            }
            while try ticket.poll() == nil { _ = engine.steps.map { $0.cut() || $0.encode() || $0.append() } }
            system.observe(nil)
            let unanswered = Moment(isAnswered: false, rowCount: before)
            let seen = moments.withLock { $0 }
            // Nothing is written for duplicates; sealing comes behind the answer.
            #expect(seen.contains(unanswered) == (before < after), "batch \(index): \(seen)")
            #expect(
                seen.isSubset(of: [unanswered, Moment(isAnswered: true, rowCount: after)]), "batch \(index): \(seen)")
            before = after
        }
        try engine.close()
    }

    /// What a view holds when a call is made.
    private struct Moment: Hashable {
        var isAnswered: Bool
        var rowCount: Int?
    }

    /// An epoch whose sync failed is in the file, and is never shown.
    @Test(arguments: 1...6) func afterAFailedSyncAViewIsWhatWasAcknowledged(sync: Int) async throws {
        let engine = try Engine.open(
            at: path, configuration: .small, system: FailingSyncs(failing: sync, of: "_spillway/open/"))
        var accepted = 0
        await #expect(throws: EngineError.self) {
            while true {
                let size = accepted % 2_000 == 0 ? 1_100 : 900
                accepted += try await engine.ingest(batch(accepted..<accepted + size)).counts.accepted
            }
        }
        #expect(try identities(engine.view()) == Set(0..<UInt64(accepted)))
        #expect(throws: EngineError.self) { try engine.close() }
    }

    /// A full disk keeps nobody from what was acknowledged before.
    @Test func aViewIsThereWhileTheDiskIsFull() throws {
        let run = SimulatedRun()
        let engine = try run.open(run.machine.start())
        #expect(try engine.ingestNow(batch(0..<45)) != nil)
        #expect(try engine.ingestNow(batch(45..<50)) != nil)
        run.machine.faults.diskIsFull = true
        let ticket = try engine.submit(batch(50..<900))
        _ = try ticket.poll()
        for _ in 0..<20 { _ = engine.steps.map { $0.cut() || $0.encode() || $0.append() } }
        #expect(throws: EngineError.self) { try ticket.poll() }
        #expect(try identities(engine.view()) == Set(0..<50))
        run.machine.faults = SimulatedFaults()
        engine.work()
        #expect(try identities(engine.view()) == Set(0..<900))
        try engine.close()
    }

    /// What a crash left in journals and open segments is seen from the first moment.
    @Test func aViewOfARecoveredStoreHoldsWhatTheCrashLeft() throws {
        let run = SimulatedRun()
        let system = run.machine.start()
        let engine = try run.open(system)
        for batch in run.batches { #expect(try engine.ingestNow(batch) != nil) }
        #expect(try engine.ingestNow(batch(1_000..<1_003)) != nil)
        run.machine.losePower()
        let again = try run.open(run.machine.start())
        let view = try again.view()
        #expect(!view.journaledBatches.isEmpty && !view.segments.isEmpty)
        #expect(try identities(view) == Set(run.expected.keys).union(1_000..<1_003))
        #expect(try again.ingestNow(batch(1_000..<1_006)) != nil)
        #expect(try identities(again.view()) == Set(run.expected.keys).union(1_000..<1_006))
        try again.close()
    }

    /// With answers from memory a view waits for what was answered to be written.
    @Test(arguments: [Durability.memory, .written, .synced])
    func whatWasAnsweredIsSeen(durability: Durability) async throws {
        var configuration = EngineConfiguration.small
        configuration.durability = durability
        configuration.maximumCommitDelayUs = 50_000_000
        let engine = try Engine.open(at: path, configuration: configuration)
        #expect(try engine.view().rowCount == 0)
        var sent = 0
        for size in [10, 700, 1, 3_000, 40] {
            #expect(try await engine.ingest(batch(sent..<sent + size)).counts.accepted == size)
            sent += size
            #expect(try identities(engine.view()) == Set(0..<UInt64(sent)))
        }
        try engine.close()
    }

    /// A view that is kept is not changed by what comes in, nor by sealing and merging.
    @Test func aViewThatIsKeptStaysAsItWas() async throws {
        var configuration = EngineConfiguration.small
        configuration.segmentBytes = 20_000
        let engine = try Engine.open(at: path, configuration: configuration)
        var held: [(count: Int, view: StoreView)] = []
        var sent = 0
        for round in 0..<60 {
            let size = round % 3 == 0 ? 900 : 70
            _ = try await engine.ingest(batch(sent..<sent + size))
            sent += size
            if round % 7 == 0 { held.append((sent, try engine.view())) }
        }
        for (count, view) in held { #expect(try identities(view) == Set(0..<UInt64(count))) }
        try engine.close()
        for (count, view) in held { #expect(try identities(view) == Set(0..<UInt64(count))) }
    }

    /// The merged segment takes the place of those whose rows it holds.
    @Test(.timeLimit(.minutes(10))) func aViewFollowsMerging() async throws {
        var configuration = EngineConfiguration.small
        configuration.segmentBytes = 200_000
        configuration.segmentAgeMs = 1
        let engine = try Engine.open(at: path, configuration: configuration)
        var sent = 0
        while try directory.names(in: "store").allSatisfy({ !$0.hasPrefix("merged-") }) {
            try #require(sent < 600_000, "nothing was merged")
            _ = try await engine.ingest(batch(sent..<sent + 600))
            sent += 600
            #expect(try engine.view().rowCount == sent)
        }
        // No segment is sealed any more that would bring it along.
        while try !engine.view().segments.contains(where: { $0.name.kind == .merged }) {
            try Task.checkCancellation()
            await Task.yield()
        }
        #expect(try identities(engine.view()) == Set(0..<UInt64(sent)))
        try engine.close()
    }

    /// What another process merges is seen once its inputs are deleted: reading begins anew.
    @Test func readingBeginsAnewWhereFilesWereDeleted() async throws {
        var configuration = EngineConfiguration.small
        configuration.compactsInBackground = false
        configuration.segmentAgeMs = 1
        let engine = try Engine.open(at: path, configuration: configuration)
        for start in stride(from: 0, to: 6_000, by: 600) { _ = try await engine.ingest(batch(start..<start + 600)) }
        let before = try engine.view()
        #expect(try Compaction(storeAt: path, system: PosixSystem()).run().segmentsAfter > 0)
        #expect(try !Vacuum(storeAt: path, retentionMs: 0, system: PosixSystem()).run().isEmpty)
        #expect(throws: (any Error).self) { try identities(before) }
        #expect(try engine.read { try identities($0) } == Set(0..<6_000))
        #expect(try identities(engine.view()) == Set(0..<6_000))
        try engine.close()
    }

    /// From when the erasure has returned, no view has the identity; and where it registers again, it is there once.
    @Test func anErasedIdentityIsSeenNoMore() async throws {
        let engine = try Engine.open(at: path, configuration: .small)
        for start in stride(from: 0, to: 3_000, by: 1_000) { _ = try await engine.ingest(batch(start..<start + 1_000)) }
        _ = try await engine.ingest(batch(3_000..<3_020))
        for victim in [5, 2_999, 3_010] {
            #expect(try engine.erase([Identity(rawValue: UInt64(victim))]) == 1)
            #expect(try engine.view().rowCount == 3_019)
            #expect(try identities(engine.view()) == Set(0..<3_020).subtracting([UInt64(victim)]))
            _ = try await engine.ingest(batch(victim..<victim + 1))
            #expect(try identities(engine.view()) == Set(0..<3_020))
        }
        try engine.close()
    }
}

/// A machine's system that tells of each write and sync before it is made.
private final class ObservedSystem: System {
    private let base: SimulatedSystem
    private let observer = Monitor<(@Sendable () -> Void)?>(nil)

    init(_ base: SimulatedSystem) { self.base = base }

    func observe(_ observer: (@Sendable () -> Void)?) { self.observer.withLock { $0 = observer } }

    fileprivate func tell() { observer.withLock { $0 }?() }

    func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any SpillwayPlatform.File {
        tell()
        return ObservedFile(file: try base.open(path, mode), system: self)
    }
    func list(_ directory: String) throws(SystemError) -> [String] { try base.list(directory) }
    func status(_ path: String) throws(SystemError) -> FileStatus { try base.status(path) }
    func createDirectory(_ path: String) throws(SystemError) { try base.createDirectory(path) }
    func syncDirectory(_ path: String) throws(SystemError) { try base.syncDirectory(path) }
    func rename(_ source: String, to target: String) throws(SystemError) { try base.rename(source, to: target) }
    func link(_ source: String, to target: String) throws(SystemError) { try base.link(source, to: target) }
    func remove(_ path: String) throws(SystemError) { try base.remove(path) }
    func monotonicUs() -> Int64 { base.monotonicUs() }
    func threadProcessorNs() -> Int64 { base.threadProcessorNs() }
    func wallMs() -> Int64 { base.wallMs() }
    func randomWord() -> UInt64 { base.randomWord() }
}

private final class ObservedFile: ForwardingFile {
    let file: any SpillwayPlatform.File
    private let system: ObservedSystem

    init(file: any SpillwayPlatform.File, system: ObservedSystem) {
        self.file = file
        self.system = system
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        system.tell()
        try file.write(bytes, at: offset)
    }

    func sync() throws(SystemError) {
        system.tell()
        try file.sync()
    }
}
