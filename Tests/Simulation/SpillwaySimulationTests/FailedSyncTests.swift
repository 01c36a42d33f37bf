import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwaySimulation
import SpillwayStore
import Testing

/// A sync that fails is final for the process that called it, whatever it was for.
@Suite struct FailedSyncTests {
    private static let path = "/store"

    private func batch(_ identities: Range<UInt64>) -> RegistrationBatch {
        RegistrationBatch(
            identities.map { number in
                Registration(
                    registeredAt: Timestamp(rawValue: 1_633_305_600_000_000), identity: Identity(rawValue: number),
                    country: .all[0], platform: "ios", source: "organic", latencyUs: 1)
            })
    }

    private func open(_ machine: SimulatedMachine) throws -> Engine {
        var configuration = EngineConfiguration()
        configuration.shardCount = 1
        configuration.indexBytes = 1 << 20
        return try Engine.open(at: Self.path, configuration: configuration, system: machine.start(), drive: .steps)
    }

    private func work(_ engine: Engine) {
        guard let steps = engine.steps else { return }
        while steps.cut() || steps.encode() || steps.append() {}
    }

    /// Each call of an erasure fails in its turn. After a sync the engine takes and answers nothing more; what it had
    /// answered is there once it is opened again, but for those who were to go.
    @Test func inAnErasureToo() throws {
        var (failedSyncs, call, isDone) = (0, 0, false)
        while !isDone {
            call += 1
            let machine = SimulatedMachine(seed: 1)
            let engine = try open(machine)
            let acknowledged = try engine.submit(batch(1..<30))
            #expect(try acknowledged.poll() == nil)
            work(engine)
            #expect(try acknowledged.poll() != nil)
            let failing = machine.callCount + call
            machine.faults.scheduled[failing] = 5
            do throws(EngineError) {
                #expect(try engine.erase([Identity(rawValue: 7)]) == 1)
            } catch {}
            isDone = machine.callCount < failing
            machine.faults = SimulatedFaults()
            guard machine.failedSyncCount > 0 else { continue }
            failedSyncs += 1
            let failure = #expect(throws: EngineError.self, "call \(call)") { try engine.submit(batch(30..<40)) }
            #expect(failure?.isTransient == false)
            work(engine)
            #expect(throws: EngineError.self, "call \(call)") { try engine.erase([Identity(rawValue: 8)]) }
            machine.losePower()
            let recovered = try open(machine)
            #expect([28, 29].contains(recovered.registrationCount), "call \(call)")
        }
        #expect(failedSyncs > 8)
    }
}
