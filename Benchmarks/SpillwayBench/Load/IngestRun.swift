import Foundation
import Spillway
import SpillwayPlatform

/// One repetition: all batches into a new store.
struct IngestRun {
    let input: PreparedTrace
    let configuration: EngineConfiguration
    let producers: Int
    let directory: String

    /// Batches that a producer hands over before it waits for the first of them.
    private static let window = 128

    static let metrics = [
        Metric(
            name: "attemptsPerSecond", title: "million attempts/s", better: .higher, places: 2, scale: 1e6),
        Metric(
            name: "processorSecondsPerMillion", title: "processor s per million", better: .lower, places: 4),
        Metric(name: "bytesPerRegistration", title: "bytes per registration", better: .lower, places: 2),
        Metric(name: "peakResidentBytes", title: "peak memory, MiB", better: .lower, places: 0, scale: 1_048_576),
    ]

    struct Result {
        var seconds: Double
        var processorSeconds: Double
        var accepted: Int
        var duplicates: Int
        var refused: Int
        var bytesOnDisk: Int
        var peakResidentBytes: Int

        var attemptsPerSecond: Double { Double(accepted + duplicates + refused) / seconds }
        var bytesPerRegistration: Double { Double(bytesOnDisk) / Double(max(1, accepted)) }

        /// By ``Metric/name``.
        var figures: [String: Double] {
            let attempts = accepted + duplicates + refused
            return [
                "attemptsPerSecond": attemptsPerSecond,
                "processorSecondsPerMillion": processorSeconds * 1e6 / Double(max(1, attempts)),
                "bytesPerRegistration": bytesPerRegistration, "peakResidentBytes": Double(peakResidentBytes),
            ]
        }
    }

    func measure() throws -> Result {
        let store = URL(filePath: directory).appending(path: "spillway-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: store) }
        let engine = try Engine.open(at: store.path, configuration: configuration)
        let processorBefore = SpillwayPlatform.Process.processorTimeUs
        let start = MonotonicClock.nowUs()
        let counts = try ingest(into: engine)
        let end = MonotonicClock.nowUs()
        let processorAfter = SpillwayPlatform.Process.processorTimeUs
        try engine.close()
        return Result(
            seconds: Double(end - start) / 1e6, processorSeconds: Double(processorAfter - processorBefore) / 1e6,
            accepted: counts.accepted, duplicates: counts.duplicates,
            refused: counts.refused.values.reduce(0, +), bytesOnDisk: try Self.segmentBytes(in: store),
            peakResidentBytes: SpillwayPlatform.Process.peakResidentBytes)
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

    private static func segmentBytes(in store: URL) throws -> Int {
        try FileManager.default.contentsOfDirectory(at: store, includingPropertiesForKeys: [.fileSizeKey])
            .filter { $0.pathExtension == "parquet" }
            .reduce(0) { $0 + (try $1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0) }
    }
}
