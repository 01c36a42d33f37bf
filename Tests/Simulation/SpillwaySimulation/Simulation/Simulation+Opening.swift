import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore

extension Simulation {
    /// Opens the store in a new process, perhaps with a crash or failing calls on the way, and compares what is there
    /// with the model.
    func open() throws {
        if Int.random(in: 0..<6, using: &random) == 0 { try readBesideWriter() }
        if report.steps < plan.stepCount { armForOpening() }
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
        try settle(engine, configuration, system)
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
        _ engine: Engine, _ configuration: EngineConfiguration, _ system: SimulatedSystem
    ) throws {
        guard let stored = try read() else { throw BrokenPromise("the store is not there once it is open") }
        if let problem = model.problem(with: stored, mustHold: .memory) { throw BrokenPromise(problem) }
        if engine.registrationCount != stored.rows.count {
            throw BrokenPromise("\(engine.registrationCount) identities are known of \(stored.rows.count) stored")
        }
        let position = engine.recoveredPosition
        if position != .none, position.stream != SimulatedStream.fingerprint {
            throw BrokenPromise("position of an unknown stream \(position.stream)")
        }
        streamIsExact = streamIsExact && (model.allIsSynced || !lostPowerSinceOpening)
        if streamIsExact, let problem = model.problem(with: position.attempts, of: stream, in: stored) {
            throw BrokenPromise(problem)
        }
        note("open: \(stored.rows.count) registrations, position \(position.attempts)", stored.rows.count)
        model.settle(stored.rows, position: position.attempts)
        model.begin(with: configuration.durability)
        lostPowerSinceOpening = false
        engine.beginStream(at: StreamPosition(stream: SimulatedStream.fingerprint, attempts: position.attempts))
        writer = SimulatedWriter(
            system: system, engine: engine, durability: configuration.durability, sentAttempts: position.attempts)
    }

    /// What another process reads, beside a writer or after a crash: no more and no less than may be there.
    func readBesideWriter() throws {
        note("read beside the writer")
        guard let stored = try read() else {
            guard model.acknowledged.isEmpty else {
                throw BrokenPromise("there is no store, and it has promises to keep")
            }
            return
        }
        // What is only in the writer's memory no reader can see.
        if let problem = model.problem(with: stored, mustHold: .written) { throw BrokenPromise("read: \(problem)") }
    }

    /// Everything in the store; nil if it is not there yet. No call fails meanwhile.
    private func read() throws -> StoredRows? {
        let faults = machine.faults
        machine.faults = SimulatedFaults()
        defer { machine.faults = faults }
        let reader = machine.start()
        defer { machine.kill(reader) }
        do {
            return try StoredRows(StoreView(path: Self.path, system: reader))
        } catch StoreError.missing, StoreError.notAStore {
            return nil
        } catch {
            throw BrokenPromise("read: \(error)")
        }
    }
}
