import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwaySimulation
import SpillwayStore
import Testing

@Suite struct SimulationTests {
    /// Parts, so that they run side by side.
    @Test(arguments: 0..<8 as Range<UInt64>) func nothingIsLostAndNothingIsDoubled(part: UInt64) throws {
        var (crashes, openings, registrations) = (0, 0, 0)
        for seed in (part * 25)..<(part * 25 + 25) {
            let report = try Simulation.run(seed: seed)
            crashes += report.crashes
            openings += report.openings
            registrations += report.registrations
        }
        // A simulation in which nothing happens would find nothing.
        #expect(crashes > 25)
        #expect(openings > crashes)
        #expect(registrations > 250)
    }

    @Test func aSeedGivesTheSameRunTwice() throws {
        var digests: Set<UInt64> = []
        for seed in 1000..<1008 as Range<UInt64> {
            let report = try Simulation.run(seed: seed)
            #expect(try Simulation.run(seed: seed) == report)
            digests.insert(report.digest)
        }
        #expect(digests.count == 8)
    }

    @Test func theLogTellsEveryStepAndCall() throws {
        let lines = Monitor([String]())
        let report = try Simulation.run(seed: 7) { line in lines.withLock { $0.append(line) } }
        let told = lines.withLock { $0 }
        #expect(told.contains { $0.hasPrefix("\(report.steps) ") })
        #expect(told.contains { $0.contains("fdatasync /srv/store/") })
        #expect(try Simulation.run(seed: 7) == report)
    }

    /// After a failed sync the system may show bytes that the device never got. Once a store is opened on them, they
    /// are durable all the same.
    @Test(arguments: 0..<60 as Range<UInt64>) func whatIsRecoveredAfterAFailedSyncIsDurable(seed: UInt64) throws {
        let machine = SimulatedMachine(seed: seed)
        var configuration = EngineConfiguration()
        configuration.shardCount = 1
        configuration.largeEpochRows = seed % 2 == 0 ? 4 : 400
        func open() throws -> (Engine, SimulatedSystem) {
            let system = machine.start()
            return (
                try Engine.open(at: "/store", configuration: configuration, system: system, drive: .steps), system
            )
        }
        let (engine, system) = try open()
        let ticket = try engine.submit(Self.batch)
        #expect(try ticket.poll() == nil)
        let steps = try #require(engine.steps)
        _ = (steps.cut(), steps.encode())
        machine.faults.syncFailuresPer10000 = 10_000
        _ = steps.append()
        #expect(throws: EngineError.self) { try ticket.poll() }
        machine.faults = SimulatedFaults()
        machine.kill(system)
        let recovered = try open().0.registrationCount
        machine.losePower()
        #expect(try open().0.registrationCount == recovered)
    }

    private static let batch = RegistrationBatch(
        (1...40).map { number in
            Registration(
                registeredAt: Timestamp(rawValue: 1_633_305_600_000_000), identity: Identity(rawValue: number),
                country: .all[0], platform: "ios", source: "organic", latencyUs: 1)
        })
}
