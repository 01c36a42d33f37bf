import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore

extension Simulation {
    // MARK: Batches

    func submit(_ batch: [Registration]) throws { try submit(batch, advancing: nil) }

    func submitStream() throws {
        guard let sent = writer?.sentAttempts else { return }
        let end = sent + UInt64.random(in: 1...UInt64(plan.batchLimit), using: &random)
        try submit((sent..<end).map { stream.attempt($0) }, advancing: sent..<end)
    }

    /// Attempts that were taken before, as a producer does that was not answered.
    func sendAgain() throws {
        let taken = model.judged.values.sorted { $0.registeredAt < $1.registeredAt }
        guard !taken.isEmpty else { return }
        try submit(Array(taken.shuffled(using: &random).prefix(Int.random(in: 1...16, using: &random))))
    }

    private func submit(_ batch: [Registration], advancing range: Range<UInt64>?) throws {
        try waitForRoom(for: batch.count)
        guard let writer, machine.isRunning(writer.system) else { return }
        note("submit \(batch.count)\(range.map { " of the stream, \($0)" } ?? "")", batch.count)
        let ticket: Ticket
        do throws(EngineError) {
            ticket = try writer.engine.submit(RegistrationBatch(batch), advancing: range)
        } catch {
            return try acceptRefusal(error, range)
        }
        let outcomes = ticket.outcomes.map(\.outcome)
        if outcomes.allSatisfy({ $0 == .refused(Refusal(.storageFull)) }) {
            guard hadFaults else { throw BrokenPromise("there is no room for a batch, and no call failed") }
        } else {
            let isFull = plan.isCrowded && writer.engine.registrationCount >= SimulationPlan.leastKnownWhenFull
            if let problem = model.take(batch, outcomes, memoryIsFull: isFull) { throw BrokenPromise(problem) }
            report.memoryRefusals += outcomes.count { $0 == .refused(Refusal(.memoryFull)) }
        }
        model.tally(batch, outcomes, position: range?.upperBound)
        self.writer?.pending.append(
            SimulatedWriter.Pending(ticket: ticket, batch: batch, outcomes: outcomes, position: range?.upperBound))
        if let range {
            model.send(attemptsUpTo: range.upperBound)
            self.writer?.sentAttempts = range.upperBound
        }
    }

    /// A producer that finds no room waits for as long as the engine's own work takes, and no longer.
    private func waitForRoom(for rows: Int) throws {
        var rounds = 0
        while let writer, machine.isRunning(writer.system), !writer.steps.hasRoom(for: rows) {
            if rounds == 0 {
                note("\(rows) attempts wait for room", rows)
                report.waits += 1
            }
            rounds += 1
            if rounds > 200 { throw BrokenPromise("\(rows) attempts find no room, whatever the engine does") }
            try workABit()
        }
    }

    private func acceptRefusal(_ error: EngineError, _ range: Range<UInt64>?) throws {
        note("refused: \(error)")
        guard hadFaults || machine.faults.deathAtCall != nil else { throw BrokenPromise("refused: \(error)") }
        if !error.isTransient {
            writer?.hasFailed = true
        } else if let range {
            writer?.engine.beginStream(
                at: StreamPosition(stream: SimulatedStream.fingerprint, attempts: range.lowerBound))
        }
    }

    // MARK: Answers

    /// Asks for every answer once, and checks those that come.
    func poll() throws {
        guard var writer else { return }
        note("poll \(writer.pending.count)", writer.pending.count)
        var waiting: [SimulatedWriter.Pending] = []
        for pending in writer.pending {
            var answer: Acknowledgement?
            do throws(EngineError) {
                answer = try pending.ticket.poll()
            } catch {
                guard hadFaults || !machine.isRunning(writer.system) else {
                    throw BrokenPromise("not answered: \(error)")
                }
                writer.hasFailed = writer.hasFailed || !error.isTransient
            }
            if let answer { try check(answer, pending, writer) } else { waiting.append(pending) }
        }
        writer.pending = waiting
        self.writer = writer
    }

    private func check(
        _ answer: Acknowledgement, _ pending: SimulatedWriter.Pending, _ writer: SimulatedWriter
    ) throws {
        let outcomes = Array(answer.outcomes)
        guard outcomes == pending.outcomes else {
            throw BrokenPromise("answered \(outcomes) instead of \(pending.outcomes)")
        }
        let isPromise = outcomes.contains { $0 == .accepted || $0 == .duplicate }
        if isPromise, writer.mustBeSilent, writer.durability != .memory {
            throw BrokenPromise("acknowledged after a failed sync")
        }
        model.acknowledge(
            pending.batch, outcomes, durability: answer.durability, position: pending.position)
    }

    // MARK: Commits

    func append() throws {
        guard let writer else { return }
        step("append", writer.steps.append())
        try noticeFailedSyncs()
    }

    /// A sync that fails is the last word of the process that called it.
    func noticeFailedSyncs() throws {
        guard let writer else { return }
        if violations.withLock({ $0 }) > 0 { throw BrokenPromise("committed after a failed sync") }
        guard machine.failedSyncCount(of: writer.system) > 0, !writer.mustBeSilent else { return }
        // The epoch itself may have been committed before a sync that sealed its segment failed.
        try poll()
        self.writer?.mustBeSilent = true
    }

    /// Some of what threads would do meanwhile, in any order.
    func work() throws {
        try poll()
        for _ in 0..<Int.random(in: 2...16, using: &random) {
            try workABit()
        }
    }

    private func workABit() throws {
        guard let writer, machine.isRunning(writer.system) else { return }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: step("cut", writer.steps.cut())
        case 1, 2: step("encode", writer.steps.encode())
        case 3, 4: try append()
        default: machine.advance(us: Int64.random(in: 100...2000, using: &random))
        }
    }

    /// Works until everything that was taken is answered. No call fails.
    func drain() throws {
        var idleRounds = 0
        while let writer, !writer.hasFailed, !writer.pending.isEmpty {
            try poll()
            pause(us: 1000)
            let worked = [writer.steps.cut(), writer.steps.encode(), writer.steps.append()].contains(true)
            idleRounds = worked ? 0 : idleRounds + 1
            if idleRounds > 3 { throw BrokenPromise("\(writer.pending.count) batches are never answered") }
        }
    }

    /// An orderly end: everything is answered and durable, unless a call failed.
    func close() throws {
        guard let writer else { return }
        note("close")
        do throws(EngineError) {
            try writer.engine.close()
        } catch {
            note("not closed: \(error)")
            guard hadFaults || !machine.isRunning(writer.system) else {
                throw BrokenPromise("does not close: \(error)")
            }
            if machine.isRunning(writer.system) { crash(.kill) }
            return
        }
        try poll()
        if let left = self.writer?.pending.count, left > 0 {
            throw BrokenPromise("closed with \(left) batches unanswered")
        }
        if !hadFaults, let stored = try read(), stored.outcomes != model.turnedAway {
            throw BrokenPromise("closed, and not all outcomes are tallied")
        }
        // What a closed engine has committed is written, whatever its acknowledgements promised.
        machine.kill(writer.system)
        self.writer = nil
    }
}
