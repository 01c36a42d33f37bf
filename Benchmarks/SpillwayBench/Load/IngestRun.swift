import Foundation
import Spillway
import SpillwayPlatform

/// One repetition: all batches into a new store.
struct IngestRun {
    let input: PreparedTrace
    var configuration = EngineConfiguration()
    var producers: Int
    let directory: String
    /// Asked of the engine meanwhile, at most.
    var queriesPerSecond = 0
    /// Identities that are known before the clock starts.
    var known: KnownIdentities?

    /// Batches that a producer hands over before it waits for the first of them.
    private static let window = 128
    /// What a registration takes on disk at most, with what is beside it.
    private static let diskBytesPerAttempt = 24

    struct Result {
        var seconds: Double
        var processorSeconds: Double
        var counts: OutcomeCounts
        /// Of the files that hold registrations.
        var storedBytes: Int
        /// What the engine took at most.
        var peakEngineBytes: Int
        var producers: Int
        var queries: QueryLoop.Figures
        /// Nil if the configuration did not ask for them.
        var stages: StageTimes?
    }

    func measure() throws -> Result {
        let store = try ScratchDirectory(in: directory, bytes: input.attempts * Self.diskBytesPerAttempt)
        defer { store.remove() }
        ResidentMemory.resetPeak()
        let residentBytes = ResidentMemory.currentBytes
        let engine = try Engine.open(at: store.path, configuration: configuration)
        try known?.enter(into: engine)
        let processorBefore = SpillwayPlatform.Process.processorTimeUs
        let start = MonotonicClock.nowUs()
        let (counts, queries) = try QueryLoop(perSecond: queriesPerSecond).running(on: engine) {
            try ingest(into: engine)
        }
        let end = MonotonicClock.nowUs()
        // Before the processor time that they are a part of.
        let stages = engine.stageTimes
        let processorAfter = SpillwayPlatform.Process.processorTimeUs
        let peakBytes = ResidentMemory.peakBytes
        try engine.close()
        guard counts.attempts == input.attempts, counts.refused.isEmpty else {
            throw BenchmarkError.failed("of \(input.attempts) attempts, some were refused: \(counts.refused)")
        }
        return Result(
            seconds: Double(end - start) / 1e6, processorSeconds: Double(processorAfter - processorBefore) / 1e6,
            counts: counts, storedBytes: try Self.segmentBytes(in: store.path),
            peakEngineBytes: max(0, peakBytes - residentBytes), producers: producers, queries: queries, stages: stages)
    }

    private func ingest(into engine: Engine) throws -> OutcomeCounts {
        let total = Monitor(OutcomeCounts())
        let batches = input.batches
        let producers = producers
        try concurrentPerform(producers, threads: producers) { producer in
            var counts = OutcomeCounts()
            var tickets: [Ticket] = []
            for index in stride(from: producer, to: batches.count, by: producers) {
                if tickets.count == Self.window { counts += try tickets.removeFirst().wait().counts }
                tickets.append(try engine.submit(batches[index]))
            }
            for ticket in tickets { counts += try ticket.wait().counts }
            let part = counts
            total.withLock { $0 += part }
        }
        return total.withLock { $0 }
    }

    private static func segmentBytes(in store: String) throws -> Int {
        let keys: [URLResourceKey] = [.fileSizeKey]
        return try FileManager.default.contentsOfDirectory(at: URL(filePath: store), includingPropertiesForKeys: keys)
            .filter { $0.pathExtension == "parquet" }
            .reduce(0) { $0 + (try $1.resourceValues(forKeys: Set(keys)).fileSize ?? 0) }
    }
}
