import Spillway

/// Where a repetition's processor time went, stage by stage, and what its threads waited for.
struct StageFigures {
    static let metrics =
        parts.map { part in
            Metric(
                name: part.name, title: "\(part.title), ns per attempt", better: .lower, places: 2,
                whole: "where processor time goes")
        } + [
            Metric(
                name: "handOffShare", title: "locks and hand-offs, % of processor time", better: .lower, places: 2,
                scale: 0.01),
            Metric(
                name: "lockWaitsPerMillion", title: "waits for a shard's lock per million attempts", better: .lower,
                places: 2),
            Metric(
                name: "lockWaitShare", title: "waiting for shards' locks, % of producers' time", better: .lower,
                places: 2, scale: 0.01),
            Metric(
                name: "roomWaitShare", title: "waiting for room, % of producers' time", better: .neither, places: 1,
                scale: 0.01),
            Metric(name: "writeShare", title: "writing, % of the time", better: .neither, places: 1, scale: 0.01),
            Metric(name: "syncShare", title: "syncing, % of the time", better: .neither, places: 1, scale: 0.01),
        ]

    /// Together they are all of the processor time. In the order in which an attempt meets them.
    private static let parts: [(name: String, title: String, stages: [StageTimes.Stage])] = [
        ("routeNs", "route", [.route]), ("judgeNs", "judge", [.judge]), ("cutNs", "cut", [.cut]),
        ("encodeNs", "encode", [.encode]), ("writeNs", "write", [.write]), ("syncNs", "sync", [.sync]),
        ("settleNs", "settle", [.settle]), ("sealNs", "seal", [.seal]),
        ("handOffNs", "locks and hand-offs", [.admit, .lockWait, .handOff]),
        (restName, "the benchmark and the rest", []),
    ]
    private static let restName = "restNs"

    let times: StageTimes
    let attempts: Int
    let producers: Int
    let seconds: Double
    let processorSeconds: Double

    /// By ``Metric/name``.
    var values: [String: Double] {
        let attempts = Double(attempts)
        let producerSeconds = seconds * Double(producers)
        var values: [String: Double] = [:]
        for part in Self.parts {
            let ns = part.stages.reduce(0) { $0 + times[$1].processorNs }
            values[part.name] = Double(ns) / attempts
        }
        values[Self.restName] = (processorSeconds * 1e9 - Double(times.processorNs)) / attempts
        values["handOffShare"] = Double(times.handOffProcessorNs) / 1e9 / processorSeconds
        values["lockWaitsPerMillion"] = Double(times[.lockWait].count) / attempts * 1e6
        values["lockWaitShare"] = elapsedSeconds(.lockWait) / producerSeconds
        values["roomWaitShare"] = elapsedSeconds(.admit) / producerSeconds
        values["writeShare"] = elapsedSeconds(.write) / seconds
        values["syncShare"] = elapsedSeconds(.sync) / seconds
        return values
    }

    private func elapsedSeconds(_ stage: StageTimes.Stage) -> Double { Double(times[stage].elapsedUs) / 1e6 }
}
