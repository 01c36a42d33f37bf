import SpillwayModel
import SpillwayPlatform
import SpillwaySimulation
import SpillwayStore
import Testing

@testable import SpillwayEngine

/// Every system call of a run fails in its turn, or is the last that the process makes.
@Suite struct EngineFaultTests {
    /// Makes the whole run without a fault; returns the numbers of its calls, and of those the syncs.
    private func calls() throws -> (all: ClosedRange<Int>, syncs: [Int]) {
        let run = SimulatedRun()
        let syncs = Monitor([Int]())
        run.machine.logCalls { line in
            let fields = line.split(separator: " ")
            guard fields[1] == "fdatasync" || fields[1] == "fsync", let number = Int(fields[0].dropFirst()) else {
                return
            }
            syncs.withLock { $0.append(number) }
        }
        let engine = try run.open(run.machine.start())
        for batch in run.batches { #expect(try engine.ingestNow(batch) != nil) }
        try engine.close()
        #expect(try storedRegistrations(SimulatedRun.path, system: run.machine.start()) == run.expected)
        return (1...run.machine.callCount, syncs.withLock { $0 })
    }

    // MARK: A full disk

    enum Shortage: CaseIterable { case space, files }

    /// The disk is full, or no file can be opened, from the n-th call on, until it is known; then there is room again.
    @Test(arguments: Shortage.allCases) func aShortageIsWaitedOut(_ shortage: Shortage) throws {
        var stalls = 0
        for call in try calls().all {
            let run = SimulatedRun()
            var faults = SimulatedFaults()
            if shortage == .space { faults.diskIsFullFromCall = call } else { faults.filesAreUsedUpFromCall = call }
            run.machine.faults = faults
            let engine = try openDespite(run)
            for batch in run.batches {
                let ticket = try engine.submit(batch)
                if !isAcknowledged(ticket, by: engine, of: batch) {
                    stalls += 1
                    // Nothing is taken, nor half taken, while there is no room.
                    let refused = try engine.submit(batch).wait().counts.refused
                    #expect(refused == [.storageFull: batch.count])
                    run.machine.faults = SimulatedFaults()
                    #expect(engine.steps?.append() == true)
                    engine.work()
                    #expect(try ticket.poll()?.counts.attempts == batch.count)
                }
            }
            run.machine.faults = SimulatedFaults()
            try engine.close()
            #expect(try storedRegistrations(SimulatedRun.path, system: run.machine.start()) == run.expected)
            // No frame is there twice, for a recovery to find.
            var verification = Verification(path: SimulatedRun.path, system: run.machine.start())
            verification.threads = 1
            #expect(try verification.run().problems == [])
        }
        #expect(stalls >= 10)
    }

    /// A shortage while the store is made or recovered is an error like any other; afterwards it opens.
    private func openDespite(_ run: SimulatedRun) throws -> Engine {
        let system = run.machine.start()
        do {
            return try run.open(system)
        } catch {
            #expect(error.isTransient, "\(error)")
            run.machine.kill(system)
            run.machine.faults = SimulatedFaults()
            return try run.open(run.machine.start())
        }
    }

    private func isAcknowledged(_ ticket: Ticket, by engine: Engine, of batch: RegistrationBatch) -> Bool {
        do {
            _ = try ticket.poll()
            // Each try fails again, so there is no waiting until nothing is left to do.
            for _ in 0..<20 { _ = engine.steps.map { $0.cut() || $0.encode() || $0.append() } }
            return try ticket.poll()?.counts.attempts == batch.count
        } catch {
            #expect(error.isTransient, "\(error)")
            return false
        }
    }

    /// The process ends while the disk is full: what was acknowledged is there, and nothing in part.
    @Test func aShortageMayEndWithTheProcess() throws {
        for call in try calls().all {
            let run = SimulatedRun()
            run.machine.faults.diskIsFullFromCall = call
            var acknowledged: UInt64 = 0
            let system = run.machine.start()
            if let engine = try? run.open(system) {
                engine.beginStream(at: .init(stream: 1, attempts: 0))
                for (index, batch) in run.batches.enumerated() {
                    let start = run.start(of: index)
                    guard let ticket = try? engine.submit(batch, advancing: start..<start + UInt64(batch.count)) else {
                        break
                    }
                    _ = try? ticket.poll()
                    for _ in 0..<20 { _ = engine.steps.map { $0.cut() || $0.encode() || $0.append() } }
                    guard (try? ticket.poll()) != nil else { break }
                    acknowledged = start + UInt64(batch.count)
                }
                try? engine.close()
            }
            run.machine.kill(system)
            run.machine.faults = SimulatedFaults()
            let engine = try run.open(run.machine.start())
            let position = engine.recoveredPosition.attempts
            #expect(position >= acknowledged)
            let stored = try storedRegistrations(SimulatedRun.path, system: run.machine.start())
            #expect(stored == run.expected(upTo: position))
        }
    }

    // MARK: Failed syncs

    /// After a sync that fails nothing is acknowledged any more, the error stays, and what was acknowledged is there.
    @Test func everyFailedSyncIsFinal() throws {
        let syncs = try calls().syncs
        #expect(syncs.count > 20)
        var failures = 0
        for sync in syncs {
            let run = SimulatedRun()
            run.machine.faults.scheduled = [sync: 5]
            let system = run.machine.start()
            var acknowledged: [UInt64: Registration] = [:]
            var failure: EngineError?
            if let engine = try? run.open(system) {
                for batch in run.batches {
                    do {
                        let answer = try engine.ingestNow(batch)
                        #expect(failure == nil, "an acknowledgement after a failed sync")
                        for (row, outcome) in try #require(answer).outcomes.enumerated() where outcome == .accepted {
                            acknowledged[batch[row].identity.rawValue] = batch[row]
                        }
                    } catch let error as EngineError {
                        failure = failure ?? error
                        #expect(error == failure && !error.isTransient)
                    }
                }
                if let failure {
                    failures += 1
                    #expect(throws: failure) { try engine.close() }
                } else {
                    try? engine.close()
                }
            }
            run.machine.losePower()
            try run.open(run.machine.start()).close()
            let stored = try storedRegistrations(SimulatedRun.path, system: run.machine.start())
            for (identity, registration) in acknowledged { #expect(stored[identity] == registration) }
        }
        #expect(failures > 8)
    }

    // MARK: Crashes

    /// The process dies, or the power fails, at each call in its turn. What is sent again from the recovered position
    /// on gets the answers that it would have got without the crash.
    @Test(arguments: [false, true]) func whatIsSentAgainIsAnsweredTheSame(losesPower: Bool) throws {
        let reference = try outcomesWithoutCrash()
        for call in try calls().all {
            let run = SimulatedRun()
            run.machine.faults.deathAtCall = call
            let system = run.machine.start()
            var acknowledged: UInt64 = 0
            if let engine = try? run.open(system) {
                acknowledged = try answers(of: engine, to: run, from: 0, agreeWith: reference)
            }
            if losesPower { run.machine.losePower() } else { run.machine.kill(system) }
            run.machine.faults = SimulatedFaults()
            let engine = try run.open(run.machine.start())
            let position = engine.recoveredPosition.attempts
            #expect(position >= acknowledged)
            let known = try storedRegistrations(SimulatedRun.path, system: run.machine.start())
            #expect(known == run.expected(upTo: position))
            let end = try answers(of: engine, to: run, from: position, agreeWith: reference)
            #expect(end == run.start(of: run.batches.count))
            try engine.close()
            #expect(try storedRegistrations(SimulatedRun.path, system: run.machine.start()) == run.expected)
        }
    }

    private func outcomesWithoutCrash() throws -> [Outcome] {
        let run = SimulatedRun()
        let engine = try run.open(run.machine.start())
        return try run.batches.flatMap { batch in
            let answer = try #require(try engine.ingestNow(batch))
            return Array(answer.outcomes)
        }
    }

    /// Sends the stream from a position on until the engine fails; returns up to where it was answered.
    private func answers(
        of engine: Engine, to run: SimulatedRun, from position: UInt64, agreeWith reference: [Outcome]
    ) throws -> UInt64 {
        engine.beginStream(at: .init(stream: 1, attempts: position))
        var answered = position
        for (index, batch) in run.batches.enumerated() {
            let start = run.start(of: index)
            guard start + UInt64(batch.count) > position else { continue }
            // Epochs end where batches do.
            try #require(start >= position)
            let range = start..<start + UInt64(batch.count)
            guard let ticket = try? engine.submit(batch, advancing: range) else { break }
            _ = try? ticket.poll()
            engine.work()
            guard let answer = try? ticket.poll() else { break }
            #expect(Array(answer.outcomes) == Array(reference[Int(range.lowerBound)..<Int(range.upperBound)]))
            answered = range.upperBound
        }
        return answered
    }

    /// A retry waits for the commit of the attempt that it repeats.
    @Test func aRetryIsNotAnsweredBeforeItsOriginalIsDurable() throws {
        let run = SimulatedRun()
        let system = run.machine.start()
        let engine = try run.open(system)
        let steps = try #require(engine.steps)
        let original = try engine.submit(RegistrationBatch([registration(7, at: 1)]))
        #expect(try original.poll() == nil)
        #expect(steps.cut())
        let retry = try engine.submit(RegistrationBatch([registration(7, at: 2)]))
        #expect(try retry.poll() == nil)
        #expect(steps.append())
        #expect(try original.poll()?.counts.accepted == 1)
        #expect(try retry.poll() == nil)
        engine.work()
        #expect(try retry.poll()?.counts.duplicates == 1)
    }

    /// Original and retry are lost together: neither was answered, and the retry that comes again is the original.
    @Test func aLostOriginalTakesItsRetryAlong() throws {
        let run = SimulatedRun()
        var engine = try run.open(run.machine.start())
        let original = try engine.submit(RegistrationBatch([registration(7, at: 1)]))
        #expect(try original.poll() == nil && engine.steps?.cut() == true)
        let retry = try engine.submit(RegistrationBatch([registration(7, at: 2)]))
        #expect(try retry.poll() == nil && engine.steps?.cut() == false)
        run.machine.losePower()
        engine = try run.open(run.machine.start())
        #expect(try engine.ingestNow(RegistrationBatch([registration(7, at: 2)]))?.counts.accepted == 1)
        try engine.close()
        #expect(try storedRegistrations(SimulatedRun.path, system: run.machine.start())[7] == registration(7, at: 2))
    }

    // MARK: Clocks

    /// The time of day jumps between batches, and while the store is closed.
    @Test(arguments: [-86_400_000, 86_400_000] as [Int64]) func theClockMayJump(ms: Int64) throws {
        let run = SimulatedRun()
        for (index, batch) in run.batches.enumerated() {
            let engine = try run.open(run.machine.start())
            run.machine.jumpWallClock(ms: index % 2 == 0 ? ms : -2 * ms)
            let answer = try engine.ingestNow(batch)
            #expect(answer?.counts.attempts == batch.count)
            run.machine.jumpWallClock(ms: ms)
            try engine.close()
        }
        #expect(try storedRegistrations(SimulatedRun.path, system: run.machine.start()) == run.expected)
    }
}
