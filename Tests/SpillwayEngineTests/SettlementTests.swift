import SpillwayModel
import SpillwayPlatform
import SpillwaySimulation
import SpillwayStore
import Testing

@testable import SpillwayEngine

/// Rows that have gathered in the journal become row groups beside the epochs that follow.
@Suite struct SettlementTests {
    private let machine = SimulatedMachine(seed: 1)
    private static let batchSize = 10

    private func open(_ system: SimulatedSystem) throws -> Engine {
        var configuration = EngineConfiguration()
        configuration.shardCount = 1
        configuration.indexBytes = 1 << 20
        configuration.rowGroupRows = 3 * Self.batchSize
        configuration.largeEpochRows = 1000
        configuration.maximumCommitDelayUs = 0
        configuration.settlementPieceBytes = 100
        return try Engine.open(at: "/store", configuration: configuration, system: system, drive: .steps)
    }

    /// A small epoch of its own; whether it is answered without any row group being encoded.
    private func isAnswered(_ index: Int, _ engine: Engine) throws -> Bool {
        let steps = try #require(engine.steps)
        let start = index * Self.batchSize
        let batch = RegistrationBatch((start..<start + Self.batchSize).map { registration(UInt64($0 + 1)) })
        let ticket = try engine.submit(batch)
        #expect(try ticket.poll() == nil)
        #expect(steps.cut())
        _ = steps.append()
        return try ticket.poll()?.counts.accepted == Self.batchSize
    }

    private func view() throws -> StoreView { try StoreView(path: "/store", system: machine.start()) }

    private func journals() throws -> [String] { try machine.start().list(StoreLayout(root: "/store").journal) }

    @Test func epochsAreAnsweredWhileRowsBeforeThemAreSettled() throws {
        let engine = try open(machine.start())
        let steps = try #require(engine.steps)
        // The third has enough rows for a row group; nobody encodes it.
        for index in 0..<5 { #expect(try isAnswered(index, engine)) }
        #expect(try view().segments.isEmpty)
        #expect(try journals().count == 2)
        #expect(steps.encode())
        // Piece by piece, and epochs are answered in between.
        #expect(steps.append())
        #expect(try view().segments.map(\.rowCount).reduce(0, +) == 0)
        #expect(try isAnswered(5, engine))
        while steps.append() {}
        #expect(try view().segments.map(\.rowCount) == [30])
        #expect(try view().journaled.count == 30)
        #expect(try journals().count == 1)
        try engine.close()
        #expect(try view().rowCount == 60)
        #expect(try journals().isEmpty)
    }

    /// Power is lost at every stage of a settlement.
    @Test(arguments: 0..<12) func whatWasAnsweredOutlivesAnySettlement(pieces: Int) throws {
        let engine = try open(machine.start())
        let steps = try #require(engine.steps)
        for index in 0..<4 { #expect(try isAnswered(index, engine)) }
        if pieces > 0 { #expect(steps.encode()) }
        for _ in 1..<max(1, pieces) { _ = steps.append() }
        machine.losePower()
        let again = try open(machine.start())
        #expect(again.registrationCount == 40)
        try again.close()
        #expect(try view().rowCount == 40)
    }

    /// Row groups stand in a segment in the order of their epochs: what is in the journal up to an epoch would not count
    /// once a later one is there.
    @Test func aLargeEpochFollowsTheSettlementBeforeIt() throws {
        let engine = try open(machine.start())
        let steps = try #require(engine.steps)
        for index in 0..<3 { #expect(try isAnswered(index, engine)) }
        let large = try engine.submit(RegistrationBatch((1000..<3000).map { registration($0) }))
        #expect(try large.poll() == nil)
        #expect(steps.cut())
        while steps.encode() {}
        while try large.poll() == nil { try #require(steps.append()) }
        machine.losePower()
        #expect(try view().rowCount == 2030)
    }

    /// More than a few row groups' worth of rows does not wait beside a settlement: an epoch takes them along.
    @Test func rowsDoNotGatherWithoutBoundBesideASettlement() throws {
        let engine = try open(machine.start())
        var answered = 0
        while answered < 100, try isAnswered(answered, engine) { answered += 1 }
        #expect(answered == 11)
        engine.work()
        #expect(try view().rowCount == 120)
    }

    /// A record that tallies outcomes anew leaves those of a settlement before it alone: power may fail when the record
    /// is on the disk, and the settlement is not.
    @Test func outcomesOfASettlementCountUntilItIsDurable() throws {
        for seed in 0..<60 as Range<UInt64> {
            let machine = SimulatedMachine(seed: seed)
            let engine = try open(machine.start())
            let steps = try #require(engine.steps)
            func ingest(_ identities: Range<UInt64>) throws {
                _ = try engine.submit(RegistrationBatch(identities.map { registration($0) })).poll()
                #expect(steps.cut())
                _ = steps.append()
            }
            for index in 0..<3 as Range<UInt64> { try ingest(index * 10..<index * 10 + 11) }
            _ = try engine.submit(RegistrationBatch([registration(0)])).poll()
            engine.intake.askForSeal()
            #expect(steps.cut())
            machine.faults.deathAtCall = machine.callCount + 1 + Int(seed)
            while steps.encode() || steps.append() {}
            machine.faults.deathAtCall = nil
            machine.losePower()
            let tallied = try StoreView(path: "/store", system: machine.start()).loadOutcomes().attempts
            #expect((2...3).contains(tallied), "seed \(seed)")
        }
    }
}
