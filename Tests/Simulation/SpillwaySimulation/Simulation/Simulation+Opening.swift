import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore

extension Simulation {
    /// Opens the store in a new process, perhaps with a crash or failing calls on the way, and compares what is there
    /// with the model.
    func open() throws {
        if Int.random(in: 0..<6, using: &random) == 0 { try readBesideWriter() }
        if report.steps < plan.stepCount {
            armForOpening()
            if try !maintainOffline() { return }
        }
        let intent = try identitiesInIntent()
        if let intent { try checkIntent(intent) }
        let system = machine.start()
        let configuration = plan.configuration(&random)
        note("open, \(configuration.durability)", configuration.rowGroupRows)
        report.openings += 1
        let hasFaults = machine.faults.canFail
        hadFaults = hasFaults
        let engine: Engine
        do throws(EngineError) {
            engine = try Engine.open(
                at: Self.path, configuration: silenced(configuration, in: system), system: system, drive: .steps
            )
        } catch {
            try acceptFailedOpening(error, hasFaults: hasFaults, system)
            return
        }
        machine.faults.deathAtCall = nil
        try settle(engine, configuration, system, intent)
    }

    /// What tools do while no engine is open; false if that ended with a crash.
    private func maintainOffline() throws -> Bool {
        let crashes = report.crashes
        hadFaults = machine.faults.canFail
        switch Int.random(in: 0..<16, using: &random) {
        case 0: try eraseOffline()
        case 1: try vacuum()
        case 2: try compact()
        default: break
        }
        if report.crashes == crashes, machine.faults.deathAtCall.map({ $0 <= machine.callCount }) ?? false {
            crash(Bool.random(using: &random) ? .kill : .powerLoss)
        }
        return report.crashes == crashes
    }

    private func armForOpening() {
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1:
            machine.faults.deathAtCall = machine.callCount + Int.random(in: 1...80, using: &random)
        case 2: machine.faults.syncFailuresPer10000 = 1000
        case 3: machine.faults.diskIsFull = true
        default: clearFaults()
        }
    }

    /// After a failed sync no epoch may be committed.
    private func silenced(_ configuration: EngineConfiguration, in system: SimulatedSystem) -> EngineConfiguration {
        var configuration = configuration
        let (machine, violations) = (machine, violations)
        configuration.onCommit = { commit in
            if machine.failedSyncCount(of: system) > 0, commit.rowCount > 0 { violations.withLock { $0 += 1 } }
        }
        return configuration
    }

    private func acceptFailedOpening(_ error: EngineError, hasFaults: Bool, _ system: SimulatedSystem) throws {
        note("does not open: \(error)")
        let isRunning = machine.isRunning(system)
        guard case .store(.system) = error, hasFaults || !isRunning else {
            throw BrokenPromise("the store does not open: \(error)")
        }
        if isRunning {
            machine.kill(system)
            clearFaults()
        } else {
            crash(Bool.random(using: &random) ? .kill : .powerLoss)
        }
    }

    /// Reads everything, compares it with the model, and takes it for what is there from now on.
    private func settle(
        _ engine: Engine, _ configuration: EngineConfiguration, _ system: SimulatedSystem, _ intent: Set<UInt64>?
    ) throws {
        guard let stored = try read() else { throw BrokenPromise("the store is not there once it is open") }
        if let problem = model.problem(with: stored, mustHold: .memory) { throw BrokenPromise(problem) }
        if let intent { try checkResumed(intent, stored) }
        if engine.registrationCount != stored.rows.count {
            throw BrokenPromise("\(engine.registrationCount) identities are known of \(stored.rows.count) stored")
        }
        try checkInterrupted(stored)
        model.settleErasure(stored.rows)
        let position = engine.recoveredPosition
        if position != .none, position.stream != SimulatedStream.fingerprint {
            throw BrokenPromise("position of an unknown stream \(position.stream)")
        }
        streamIsExact = streamIsExact && (model.allIsSynced || !lostPowerSinceOpening)
        if streamIsExact, let problem = model.problem(with: position.attempts, of: stream, in: stored) {
            throw BrokenPromise(problem)
        }
        note("open: \(stored.rows.count) registrations, position \(position.attempts)", stored.rows.count)
        model.settle(stored, position: position.attempts)
        model.begin(with: configuration.durability)
        lostPowerSinceOpening = false
        engine.beginStream(at: StreamPosition(stream: SimulatedStream.fingerprint, attempts: position.attempts))
        writer = SimulatedWriter(
            system: system, engine: engine, durability: configuration.durability, sentAttempts: position.attempts)
    }
}
