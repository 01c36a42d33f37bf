import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport
import Testing

@testable import SpillwayEngine

/// Views taken as fast as they come while producers ingest at full speed.
@Suite struct ConcurrentViewTests {
    private let directory = TemporaryDirectory()

    private static let producerCount = 3
    private static let batchCount = 150

    /// Where each batch of the stream begins, and the last one ends. Row groups and journal records both come of them.
    private static let starts = (0..<batchCount).reduce(into: [0]) { starts, index in
        starts.append(starts[index] + (index % 5 == 0 ? 700 : 40))
    }

    private static func batch(_ index: Int) -> RegistrationBatch {
        RegistrationBatch((starts[index]..<starts[index + 1]).map { registration(UInt64($0)) })
    }

    /// Attempts of the stream.
    private struct Progress {
        var submitted = 0
        var answered = 0
        var isDone = false
        var problems: [String] = []
    }

    /// An epoch is whole batches of the stream, so that whatever a view holds is a beginning of it.
    @Test(arguments: [Durability.synced, .memory])
    func aViewHoldsAllThatWasAnsweredAndWholeEpochs(durability: Durability) throws {
        var configuration = EngineConfiguration.small
        configuration.durability = durability
        configuration.segmentBytes = 20_000
        configuration.segmentAgeMs = 5
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        engine.beginStream(at: StreamPosition(stream: 1, attempts: 0))
        let progress = Monitor(Progress())
        let reader = WorkerThread {
            var last = 0
            while !progress.withLock({ $0.isDone }) { Self.look(engine, progress, &last) }
        }
        defer { progress.withLock { $0.isDone = true } }
        try concurrentPerform(Self.producerCount, threads: Self.producerCount) { producer in
            try Self.produce(producer, engine, progress)
        }
        progress.withLock { $0.isDone = true }
        reader.join()
        #expect(try engine.view().rowCount == Self.starts[Self.batchCount])
        #expect(progress.withLock { $0.problems } == [])
        #expect(engine.compactionFailure == nil)
        try engine.close()
    }

    /// Every so many batches are a producer's own; a few of them are under way at once.
    private static func produce(_ producer: Int, _ engine: Engine, _ progress: Monitor<Progress>) throws {
        var tickets: [Ticket] = []
        for index in stride(from: producer, to: batchCount, by: producerCount) {
            let end = starts[index + 1]
            progress.withLock { $0.submitted = max($0.submitted, end) }
            tickets.append(
                try engine.submit(batch(index), advancing: UInt64(starts[index])..<UInt64(end)))
            guard tickets.count > 2 || index + producerCount >= batchCount else { continue }
            for ticket in tickets { _ = try ticket.wait() }
            tickets = []
            progress.withLock { $0.answered = max($0.answered, end) }
        }
    }

    private static func look(_ engine: Engine, _ progress: Monitor<Progress>, _ last: inout Int) {
        do {
            let answered = progress.withLock { $0.answered }
            let (stored, rowCount) = try engine.read { (try storedRegistrations($0), $0.rowCount) }
            let submitted = progress.withLock { $0.submitted }
            let isPrefix = stored.keys.allSatisfy { $0 < UInt64(stored.count) } && starts.contains(stored.count)
            if !isPrefix || rowCount != stored.count || stored.count < max(answered, last) || stored.count > submitted {
                let problem =
                    "\(stored.count) identities in \(rowCount) rows, a whole prefix: \(isPrefix); \(last) before, \(answered) answered, "
                    + "\(submitted) submitted"
                progress.withLock { $0.problems.append(problem) }
            }
            last = stored.count
        } catch {
            progress.withLock { $0.problems.append("\(error)") }
        }
    }
}
