import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayEngine

@Suite struct EngineTests {
    private let directory = TemporaryDirectory()

    @Test(arguments: [1, 16]) func everyAttemptHasTheOutcomeOfADictionary(shards: Int) async throws {
        var configuration = EngineConfiguration.small
        configuration.shardCount = shards
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        var generator = SplitMix64(seed: UInt64(shards))
        var known: [UInt64: Registration] = [:]
        for _ in 0..<60 {
            let count = Int(generator.next() % 700)
            let attempts = (0..<count).map { _ in
                registration(generator.next() % 12_000 &* 0x9e37_79b9_7f4a_7c15, at: Int64(generator.next() % 1_000))
            }
            let outcomes = try await engine.ingest(RegistrationBatch(attempts)).outcomes
            #expect(outcomes.count == count)
            for (attempt, outcome) in zip(attempts, outcomes) {
                let isNew = known[attempt.identity.rawValue] == nil
                #expect(outcome == (isNew ? .accepted : .duplicate))
                if isNew { known[attempt.identity.rawValue] = attempt }
            }
        }
        #expect(engine.registrationCount == known.count)
        try engine.close()
        #expect(try storedRegistrations(directory.path("store")) == known)
    }

    /// Eight threads send the same identities: each is accepted once, and what is stored is what was accepted.
    @Test func manyProducersAcceptEachIdentityOnce() throws {
        let engine = try Engine.open(at: directory.path("store"), configuration: .small)
        let accepted = Monitor([UInt64: Registration]())
        try concurrentPerform(8, threads: 8) { producer in
            var generator = SplitMix64(seed: UInt64(producer))
            for _ in 0..<40 {
                let attempts = (0..<250).map { _ in
                    registration(generator.next() % 5_000, at: Int64(producer), latencyUs: producer)
                }
                let outcomes = try engine.submit(RegistrationBatch(attempts)).wait().outcomes
                for (attempt, outcome) in zip(attempts, outcomes) where outcome == .accepted {
                    let before = accepted.withLock { $0.updateValue(attempt, forKey: attempt.identity.rawValue) }
                    #expect(before == nil, "\(attempt.identity) was accepted twice")
                }
            }
        }
        try engine.close()
        #expect(try storedRegistrations(directory.path("store")) == accepted.withLock { $0 })
    }

    @Test func manyTasksShareCommits() async throws {
        let engine = try Engine.open(at: directory.path("store"), configuration: .small)
        let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<500 {
                group.addTask {
                    let batch = RegistrationBatch((0..<10).map { registration(UInt64((task * 5 + $0) % 2_000)) })
                    return try await engine.ingest(batch).counts.accepted
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(accepted == 2_000)
        try engine.close()
    }

    @Test func badRowsAreRefusedAndTheirNeighboursAreNot() async throws {
        let engine = try Engine.open(at: directory.path("store"))
        var rows = (0..<8).map { registration(UInt64($0)) }
        rows[1].country = .unknown
        rows[2].registeredAt = Timestamp(rfc3339: "1999-12-31T23:59:59Z")!
        rows[3].registeredAt = Timestamp(rfc3339: "2100-01-01")!
        rows[4].latencyUs = -1
        rows[5].latencyUs = Int(Int32.max) + 1
        rows[6].source = .invalid
        let acknowledgement = try await engine.ingest(RegistrationBatch(rows))
        #expect(
            Array(acknowledgement.outcomes) == [
                .accepted, .refused(Refusal(.unknownCountry)), .refused(Refusal(.timestampOutOfRange)),
                .refused(Refusal(.timestampOutOfRange)), .refused(Refusal(.latencyOutOfRange)),
                .refused(Refusal(.latencyOutOfRange)), .refused(Refusal(.invalidLabel)), .accepted,
            ])
        // What was refused is not known: corrected, it is new.
        rows[1].country = Country("AR")!
        #expect(try await engine.ingest(RegistrationBatch([rows[1]])).counts.accepted == 1)
        try engine.close()
    }

    @Test(arguments: Durability.allCases) func acknowledgementsNameTheirDurability(durability: Durability) async throws
    {
        var configuration = EngineConfiguration.small
        configuration.durability = durability
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        let acknowledgement = try await engine.ingest(RegistrationBatch([registration(1), registration(1)]))
        #expect(acknowledgement.durability == durability)
        #expect(acknowledgement.counts.accepted == 1 && acknowledgement.counts.duplicates == 1)
        try engine.close()
        #expect(try storedRegistrations(directory.path("store")).count == 1)
    }

    @Test func aClosedEngineRefuses() async throws {
        let engine = try Engine.open(at: directory.path("store"))
        try engine.close()
        try engine.close()
        let outcomes = try await engine.ingest(RegistrationBatch([registration(1)])).outcomes
        #expect(Array(outcomes) == [.refused(Refusal(.shuttingDown))])
    }

    @Test(arguments: [1, 4]) func atTheMemoryLimitNewIdentitiesAreRefusedAndKnownOnesAnswered(shards: Int) async throws
    {
        var configuration = EngineConfiguration.small
        configuration.indexBytes = 1 << 18
        configuration.shardCount = shards
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        var counts = OutcomeCounts()
        for batch in 0..<15 {
            let rows = (0..<2_500).map { registration(UInt64(batch * 2_500 + $0)) }
            counts += try await engine.ingest(RegistrationBatch(rows)).counts
        }
        #expect(counts.accepted > 20_000)
        #expect(counts.refused == [.memoryFull: 37_500 - counts.accepted])
        let known = try await engine.ingest(RegistrationBatch((0..<1_000).map { registration(UInt64($0)) })).counts
        #expect(known.duplicates == 1_000)
        try engine.close()
        #expect(try storedRegistrations(directory.path("store")).count == counts.accepted)
        // What filled the index before fits it again, though it comes in another order.
        let again = try Engine.open(at: directory.path("store"), configuration: configuration)
        #expect(again.registrationCount == counts.accepted)
        try again.close()
    }

    /// An expectation that no memory has room for takes what the limit leaves the index, and nothing is refused for it.
    @Test(arguments: [100_000, Int.max]) func anExpectationIsAdvice(expected: Int) async throws {
        var configuration = EngineConfiguration.small
        configuration.memoryLimitBytes = 256 << 20
        configuration.indexBytes = .max
        configuration.expectedRegistrations = expected
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        let batch = RegistrationBatch((0..<3_000).map { registration($0) })
        #expect(try await engine.ingest(batch).counts.accepted == 3_000)
        try engine.close()
        let fitted = try configuration.fitted()
        #expect(fitted.expectedRegistrations == min(expected, fitted.indexBytes / IdentityIndex.leastBytesPerKey))
    }

    @Test func aBadConfigurationSaysWhatIsAllowed() throws {
        var configuration = EngineConfiguration()
        configuration.shardCount = 3
        #expect(throws: EngineError.invalidConfiguration("shardCount is 3: give a power of two from 1 to 256")) {
            try Engine.open(at: directory.path("store"), configuration: configuration)
        }
    }

    @Test func waitsMayBeAsLongAsTheyCome() async throws {
        var configuration = EngineConfiguration.small
        configuration.segmentAgeMs = .max
        configuration.maximumCommitDelayUs = .max
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        #expect(try await engine.ingest(RegistrationBatch([registration(1)])).counts.accepted == 1)
        _ = try engine.submit(RegistrationBatch([registration(2)]))
        try engine.close()
        #expect(try storedRegistrations(directory.path("store")).count == 2)
    }

    /// Batches of a stream arrive on four threads in any order: the first attempt of each identity is the one kept.
    @Test func aStreamIsJudgedInItsOrder() throws {
        let engine = try Engine.open(at: directory.path("store"), configuration: .small)
        var generator = SplitMix64(seed: 5)
        let attempts = (0..<20_000).map { registration(generator.next() % 6_000, at: Int64($0)) }
        engine.beginStream(at: StreamPosition(stream: 77, attempts: 0))
        let batchSize = 100
        try concurrentPerform(attempts.count / batchSize, threads: 4) { index in
            let range = index * batchSize..<(index + 1) * batchSize
            _ = try engine.submit(
                RegistrationBatch(attempts[range]), advancing: UInt64(range.lowerBound)..<UInt64(range.upperBound))
        }
        try engine.close()
        let first = Dictionary(attempts.map { ($0.identity.rawValue, $0) }, uniquingKeysWith: { first, _ in first })
        #expect(try storedRegistrations(directory.path("store")) == first)
        let again = try Engine.open(at: directory.path("store"), configuration: .small)
        #expect(again.recoveredPosition == StreamPosition(stream: 77, attempts: 20_000))
        try again.close()
    }

    /// Whatever the timing, an epoch of a stream holds the attempts up to its position, and no other.
    @Test func everyCommitIsAPrefixOfTheStream() throws {
        struct Progress {
            var rowCount = 0
            var differing: [UInt64] = []
            var commits = 0
        }
        var generator = SplitMix64(seed: 8)
        let attempts = (0..<30_000).map { registration(generator.next() % 12_000, at: Int64($0)) }
        var known: Set<UInt64> = []
        let accepted =
            [0]
            + attempts.map {
                known.insert($0.identity.rawValue); return known.count
            }
        let progress = Monitor(Progress())
        var configuration = EngineConfiguration.small
        configuration.maximumCommitDelayUs = 0
        configuration.onCommit = { commit in
            progress.withLock { progress in
                progress.commits += 1
                progress.rowCount += commit.rowCount
                if progress.rowCount != accepted[Int(commit.durableAttempts)] {
                    progress.differing.append(commit.durableAttempts)
                }
            }
        }
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        engine.beginStream(at: StreamPosition(stream: 1, attempts: 0))
        let batchSize = 20
        try concurrentPerform(attempts.count / batchSize, threads: 6) { index in
            let range = index * batchSize..<(index + 1) * batchSize
            let ticket = try engine.submit(
                RegistrationBatch(attempts[range]), advancing: UInt64(range.lowerBound)..<UInt64(range.upperBound))
            // Six at most wait for the same commit: so there are many, however slow the machine.
            if index % 10 == 0 { _ = try ticket.wait() }
        }
        try engine.close()
        let seen = progress.withLock { $0 }
        #expect(seen.differing == [] && seen.rowCount == known.count)
        #expect(seen.commits > 10)
    }

    /// More batches are handed over at once than there is room for, the last ones first.
    @Test(.timeLimit(.minutes(10))) func aStreamNeverWaitsForRoomThatItsOwnBatchesHold() throws {
        var configuration = EngineConfiguration.small
        configuration.bufferedRows = 1_000
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        engine.beginStream(at: StreamPosition(stream: 1, attempts: 0))
        try concurrentPerform(8, threads: 8) { thread in
            let start = UInt64(7 - thread) * 400
            let batch = RegistrationBatch((start..<start + 400).map { registration($0) })
            let counts = try engine.submit(batch, advancing: start..<start + 400).wait().counts
            #expect(counts.accepted == 400)
        }
        try engine.close()
    }

    /// Small epochs are kept until they make a row group, but not while a producer waits for the room they take.
    @Test(.timeLimit(.minutes(10))) func rowsInTheJournalMakeRoom() throws {
        var configuration = EngineConfiguration.small
        configuration.bufferedRows = 1_000
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        for start in stride(from: UInt64(0), to: 4_000, by: 400) {
            let batch = RegistrationBatch((start..<start + 400).map { registration($0) })
            #expect(try engine.submit(batch).wait().counts.accepted == 400)
        }
        try engine.close()
    }

    /// Far more attempts than there is room for, some of them twice: answered as one batch, by parts that have room.
    @Test(.timeLimit(.minutes(10))) func aBatchMayBeLargerThanTheBuffers() async throws {
        let mostRows = Monitor(0)
        var configuration = EngineConfiguration.small
        configuration.bufferedRows = 1_000
        configuration.onCommit = { commit in mostRows.withLock { $0 = max($0, commit.rowCount) } }
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        let batch = RegistrationBatch((0..<7_500).map { registration($0 % 7_000) })
        let outcomes = try await engine.ingest(batch).outcomes
        #expect(outcomes.count == 7_500)
        #expect(outcomes.indices.allSatisfy { outcomes[$0] == ($0 < 7_000 ? .accepted : .duplicate) })
        #expect(mostRows.withLock { $0 } <= 1_000)
        try engine.close()
        #expect(try storedRegistrations(directory.path("store")).count == 7_000)
    }

    /// Nobody waits for the batch: it is committed after the commit delay all the same, not with the segment's age.
    @Test(.timeLimit(.minutes(10))) func aBatchThatNobodyAwaitsIsCommitted() throws {
        let committed = Monitor(0)
        var configuration = EngineConfiguration.small
        configuration.onCommit = { commit in committed.withLock(notify: true) { $0 += commit.rowCount } }
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        _ = try engine.submit(RegistrationBatch([registration(1)]))
        committed.wait(until: { $0 == 1 }) { _ in }
        try engine.close()
    }

    /// A batch of the stream is refused because the engine closes: those behind it are let go of, and refused too.
    @Test(.timeLimit(.minutes(10))) func closingLetsGoOfBatchesThatWaitForTheirTurn() throws {
        let engine = try Engine.open(at: directory.path("store"), configuration: .small)
        engine.beginStream(at: StreamPosition(stream: 1, attempts: 0))
        let waiting = Monitor<OutcomeCounts?>(nil)
        let thread = WorkerThread {
            let counts = try? engine.submit(RegistrationBatch([registration(2)]), advancing: 1..<2).wait().counts
            waiting.withLock { $0 = counts }
        }
        try engine.close()
        let first = try engine.submit(RegistrationBatch([registration(1)]), advancing: 0..<1).wait().counts
        thread.join()
        #expect(first.refused == [.shuttingDown: 1])
        #expect(waiting.withLock { $0?.refused } == [.shuttingDown: 1])
    }

    @Test func commitsReportAscendingPositions() throws {
        let positions = Monitor([UInt64]())
        var configuration = EngineConfiguration.small
        configuration.onCommit = { commit in positions.withLock { $0.append(commit.durableAttempts) } }
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        engine.beginStream(at: StreamPosition(stream: 1, attempts: 0))
        for index in 0..<50 {
            let start = UInt64(index * 100)
            let batch = RegistrationBatch((start..<start + 100).map { registration($0 / 2) })
            _ = try engine.submit(batch, advancing: start..<start + 100).wait()
            let reported = positions.withLock { $0.last ?? 0 }
            #expect(reported <= start + 100)
        }
        try engine.close()
        let seen = positions.withLock { $0 }
        #expect(seen == seen.sorted())
        #expect(seen.last == 5_000)
        #expect(seen.count >= 50)
    }
}
