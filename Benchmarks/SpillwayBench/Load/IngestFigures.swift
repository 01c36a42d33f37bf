import Spillway
import SpillwayPlatform

/// What a repetition of ingestion is reported as, and how near to the machine's limits it came.
struct IngestFigures {
    static let metrics =
        [
            Metric(name: "attemptsPerSecond", title: "million attempts/s", better: .higher, places: 2, scale: 1e6),
            Metric(
                name: "registrationsPerSecond", title: "million registrations/s", better: .higher, places: 2, scale: 1e6
            ),
            Metric(
                name: "processorSecondsPerMillion", title: "processor s per million attempts", better: .lower, places: 4
            ),
            Metric(name: "bytesPerRegistration", title: "bytes per registration", better: .lower, places: 2),
            Metric(
                name: "peakEngineBytes", title: "peak memory of the engine, MiB", better: .lower, places: 0, scale: mebi
            ),
            Metric(name: "queriesPerSecond", title: "queries/s meanwhile", better: .higher, places: 1),
            Metric(name: "queryMs", title: "a query, ms", better: .lower, places: 1),
            Metric(name: "processorShare", title: "processors' time, %", better: .neither, places: 1, scale: 0.01),
            Metric(
                name: "diskLimitBytesPerSecond", title: "disk: durable appends, MB/s", better: .neither, places: 0,
                scale: 1e6),
            Metric(name: "diskShare", title: "disk's share, %", better: .neither, places: 1, scale: 0.01),
            Metric(
                name: "insertLimitPerSecond", title: "memory: million random inserts/s", better: .neither, places: 1,
                scale: 1e6),
            Metric(name: "insertShare", title: "random inserts' share, %", better: .neither, places: 1, scale: 0.01),
        ] + StageFigures.metrics

    private static let mebi = 1_048_576.0

    let result: IngestRun.Result
    let processors: Int
    /// Nil if they were not asked for.
    let limits: HardwareLimits?
    let durability: Durability

    /// By ``Metric/name``.
    var values: [String: Double] {
        let attempts = Double(result.counts.attempts)
        var values = [
            "attemptsPerSecond": attempts / result.seconds,
            "registrationsPerSecond": Double(result.counts.accepted) / result.seconds,
            "processorSecondsPerMillion": result.processorSeconds * 1e6 / attempts,
            "bytesPerRegistration": Double(result.storedBytes) / Double(max(1, result.counts.accepted)),
            "peakEngineBytes": Double(result.peakEngineBytes),
            "processorShare": result.processorSeconds / result.seconds / Double(processors),
        ]
        if let milliseconds = Sample(result.queries.milliseconds) {
            values["queriesPerSecond"] = Double(result.queries.milliseconds.count) / result.seconds
            values["queryMs"] = milliseconds.median
        }
        if let stages = result.stages {
            let figures = StageFigures(
                times: stages, attempts: result.counts.attempts, producers: result.producers,
                seconds: result.seconds, processorSeconds: result.processorSeconds)
            values.merge(figures.values) { $1 }
        }
        guard let limits else { return values }
        values["insertLimitPerSecond"] = limits.insertsPerSecond
        values["insertShare"] = attempts / result.seconds / limits.insertsPerSecond
        // Only then does each byte wait for the disk before its answer.
        if durability == .synced {
            values["diskLimitBytesPerSecond"] = limits.diskBytesPerSecond
            values["diskShare"] = Double(result.storedBytes) / result.seconds / limits.diskBytesPerSecond
        }
        return values
    }

    /// Which limit is nearest, by the medians of all repetitions.
    static func nearestLimit(_ repetitions: [[String: Double]]) -> String {
        let names = ["processorShare": "processors", "diskShare": "disk", "insertShare": "random inserts"]
        let shares = names.compactMap { key, title in
            Sample(repetitions.compactMap { $0[key] }).map { (title: title, share: $0.median) }
        }
        return "of the machine's limits: "
            + shares.sorted { $0.share > $1.share }
            .map { "\($0.title) \(Int(($0.share * 100).rounded())) %" }.joined(separator: ", ")
    }
}
