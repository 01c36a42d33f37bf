import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwaySimulation
import SpillwayStore
import Testing

@Suite struct SimulationTests {
    /// The first of those that `make simulate` runs, in parts that run side by side: what traps here may pass there.
    @Test(arguments: 0..<3 as Range<UInt64>) func nothingIsLostAndNothingIsDoubled(part: UInt64) throws {
        var total = SimulationReport(seed: part)
        for seed in (part * 20)..<(part * 20 + 20) { total.add(try Simulation.run(seed: seed)) }
        // A simulation in which nothing happens would find nothing.
        #expect(total.crashes > 20)
        #expect(total.openings > total.crashes)
        #expect(total.registrations > 200)
        for count in [total.vacuumedFiles, total.erasedRegistrations, total.compactions, total.waits, total.damages] {
            #expect(count > 0, "\(total.counts)")
        }
    }

    @Test func aSeedGivesTheSameRunTwice() throws {
        var (digests, diskDigests): (Set<UInt64>, Set<UInt64>) = ([], [])
        for seed in 1000..<1004 as Range<UInt64> {
            let report = try Simulation.run(seed: seed)
            #expect(try Simulation.run(seed: seed) == report)
            digests.insert(report.digest)
            diskDigests.insert(report.diskDigest)
        }
        #expect(digests.count == 4 && diskDigests.count == 4)
    }

    @Test func theLogTellsEveryStepAndCall() throws {
        let lines = Monitor([String]())
        let report = try Simulation.run(seed: 7) { line in lines.withLock { $0.append(line) } }
        let told = lines.withLock { $0 }
        #expect(told.contains { $0.hasPrefix("\(report.steps) ") })
        #expect(told.contains { $0.contains("fdatasync /srv/store/") })
        #expect(try Simulation.run(seed: 7) == report)
    }

    /// Nothing of the program that runs it is on its disk: the holder of a lock is a process of the simulated machine.
    @Test func aLockNamesASimulatedProcess() throws {
        let machine = SimulatedMachine(seed: 1)
        let system = machine.start()
        _ = try Store.open("/store", system: system)
        let holder = String(decoding: try machine.start().readAll(StoreLayout(root: "/store").lock), as: UTF8.self)
        #expect(holder == "process 1 (simulation)")
    }

    /// After a failed sync the system may show bytes that the device never got. Once a store is opened on them, they
    /// are durable all the same.
    @Test(arguments: 0..<60 as Range<UInt64>) func whatIsRecoveredAfterAFailedSyncIsDurable(seed: UInt64) throws {
        let machine = SimulatedMachine(seed: seed)
        var configuration = EngineConfiguration()
        configuration.shardCount = 1
        configuration.indexBytes = 1 << 20
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
