import SpillwayModel
import SpillwayPlatform
import SpillwaySimulation
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayEngine

/// What the engine keeps of attempts that brought no registration.
@Suite struct OutcomeTests {
    private let machine = SimulatedMachine(seed: 1)
    private static let path = "/store"

    private func open(_ system: SimulatedSystem) throws -> Engine {
        var configuration = SimulatedRun.configuration
        configuration.largeEpochRows = 1_000
        configuration.rowGroupRows = 1_000
        return try Engine.open(at: Self.path, configuration: configuration, system: system, drive: .steps)
    }

    private func batch(_ identities: Range<UInt64>) -> RegistrationBatch {
        RegistrationBatch(identities.map { registration($0) })
    }

    private func duplicates() throws -> Int {
        let view = try StoreView(path: Self.path, system: machine.start())
        return try view.loadOutcomes().counts.filter { $0.key.outcome == .duplicate }.values.reduce(0, +)
    }

    private func journalBytes() throws -> UInt64 {
        let (system, directory) = (machine.start(), StoreLayout(root: Self.path).journal)
        return try system.list(directory).reduce(0) { try $0 + system.status("\(directory)/\($1)").size }
    }

    @Test func eachIsTalliedWithItsRegionMinuteAndOutcome() throws {
        let engine = try open(machine.start())
        var rows =
            (1...3).map { registration(UInt64($0), at: 59) } + [registration(1, at: 59), registration(2, at: 101)]
        rows[2].latencyUs = -1
        rows.append(registration(4))
        rows[5].country = .unknown
        rows.append(registration(5))
        rows[6].registeredAt = Timestamp(rawValue: .max)
        let answer = try #require(try engine.ingestNow(RegistrationBatch(rows)))
        #expect(answer.counts.accepted == 2)
        let minute = Int32(registration(1, at: 59).registeredAt.rawValue / 60_000_000)
        let first = Int32(registration(1).registeredAt.rawValue / 60_000_000)
        typealias Cell = OutcomeTally.Cell
        let expected = [
            Cell(minute: minute, region: .latinAmerica, outcome: .duplicate): 1,
            Cell(minute: minute + 1, region: .latinAmerica, outcome: .duplicate): 1,
            Cell(minute: minute, region: .latinAmerica, outcome: .refused(.latencyOutOfRange)): 1,
            Cell(minute: first, region: nil, outcome: .refused(.unknownCountry)): 1,
            Cell(minute: nil, region: .latinAmerica, outcome: .refused(.timestampOutOfRange)): 1,
        ]
        #expect(try engine.view().loadOutcomes().counts == expected)
        try engine.close()
        #expect(try StoreView(path: Self.path, system: machine.start()).loadOutcomes().counts == expected)
    }

    /// An epoch of nothing else writes nothing; the next that does takes its outcomes along.
    @Test func theyBecomeDurableWithTheNextRegistrations() throws {
        let engine = try open(machine.start())
        _ = try engine.ingestNow(batch(0..<10))
        let before = try journalBytes()
        for _ in 0..<3 { #expect(try engine.ingestNow(batch(0..<10))?.counts.duplicates == 10) }
        #expect(try journalBytes() == before)
        #expect(try duplicates() == 0)
        _ = try engine.ingestNow(batch(9..<11))
        #expect(try duplicates() == 31)
        _ = try engine.ingestNow(batch(0..<10))
        machine.losePower()
        #expect(try duplicates() == 31)
    }

    /// Also where no registration follows: in a store that is opened and closed again and again none is lost, or counted
    /// twice, and none keeps the journals of earlier runs.
    @Test(arguments: [false, true]) func closingMakesThemDurable(losesPower: Bool) throws {
        for run in 1...5 {
            let engine = try open(machine.start())
            _ = try engine.ingestNow(batch(0..<7))
            try engine.close()
            #expect(try duplicates() == 7 * (run - 1))
            #expect(try machine.start().list(StoreLayout(root: Self.path).journal).count == (run > 1 ? 1 : 0))
            if losesPower { machine.losePower() }
        }
        let engine = try open(machine.start())
        _ = try engine.ingestNow(batch(0..<8))
        try engine.close()
        #expect(try duplicates() == 35)
        #expect(try machine.start().list(StoreLayout(root: Self.path).journal).isEmpty)
    }

    /// At every call that may be the last.
    @Test func aKilledStoreCountsNoneTwice() throws {
        var (call, isDone) = (1, false)
        while !isDone {
            defer { call += 3 }
            let machine = SimulatedMachine(seed: UInt64(call))
            let configuration = SimulatedRun.configuration
            machine.faults.deathAtCall = machine.callCount + call
            var taken = 0
            do {
                for _ in 0..<3 {
                    let engine = try Engine.open(
                        at: Self.path, configuration: configuration, system: machine.start(), drive: .steps)
                    for batch in [batch(0..<5), batch(3..<60), batch(0..<5)] {
                        taken += batch.count
                        _ = try engine.ingestNow(batch)
                    }
                    try engine.close()
                }
                isDone = true
            } catch {}
            machine.faults.deathAtCall = nil
            machine.losePower()
            guard let view = try? StoreView(path: Self.path, system: machine.start()) else { continue }
            let counted = try view.rowCount + view.loadOutcomes().attempts
            #expect(isDone ? counted == taken : counted <= taken, "call \(call)")
            let again = try Engine.open(
                at: Self.path, configuration: configuration, system: machine.start(), drive: .steps)
            #expect(try again.view().rowCount + again.view().loadOutcomes().attempts == counted)
            try again.close()
            #expect(try Verification(path: Self.path, system: machine.start()).run().problems == [])
        }
        #expect(call > 90)
    }

    /// Whichever way their epochs are cut.
    @Test func batchesFromManyThreadsAreCountedOnce() async throws {
        let directory = TemporaryDirectory()
        let path = directory.path("store")
        let threaded = try Engine.open(at: path, configuration: .small)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 as Range<UInt64> {
                group.addTask {
                    for round in 0..<50 as Range<UInt64> {
                        let start = (round * 37 + task * 11) % 1_000
                        _ = try await threaded.ingest(
                            RegistrationBatch((start..<start + 100).map { registration($0, at: Int64($0)) }))
                    }
                }
            }
            try await group.waitForAll()
        }
        try threaded.close()
        let view = try StoreView(path: path, system: PosixSystem())
        #expect(try view.rowCount + view.loadOutcomes().attempts == 4 * 50 * 100)
    }
}
