import SpillwayLatency

import SpillwayConsole

/// One rate that a search for the knee tried.
struct KneeTrial {
    var repetition: Int
    var rate: Double
    var achievedPerSecond: Double
    var p50Us: Double
    var p99Us: Double
    /// The percentile that the objective is about.
    var objectiveUs: Double
    var isMet: Bool

    init(_ result: OpenLoopResult, rate: Double, repetition: Int, objective: LatencyObjective) {
        let latencies = result.perBatch
        self.repetition = repetition
        self.rate = rate
        achievedPerSecond = result.achievedPerSecond
        p50Us = latencies.us(atPercentile: 50)
        p99Us = latencies.us(atPercentile: 99)
        objectiveUs = latencies.us(atPercentile: objective.percentile)
        isMet =
            objective.isMet(by: latencies) && result.shortfallPercent <= Self.tolerablePercent
            && result.refusedAttempts == 0
    }

    /// A rate that is not achieved breaks every objective, if only the run lasts; this much is chance.
    private static let tolerablePercent = 2.0

    static let csvHeader = "repetition,rate,achieved,p50_us,p99_us,met\n"

    var csvLine: String {
        "\(repetition),\(Int(rate)),\(Int(achievedPerSecond)),\(Int(p50Us)),\(Int(p99Us)),\(isMet ? 1 : 0)\n"
    }

    /// All trials by rate, with bars that are full where the objective breaks.
    static func table(_ trials: [KneeTrial], objective: LatencyObjective) -> String {
        var table = Table([
            .number("attempts/s"), .number("achieved"), .number("p50, µs"), .number("p99, µs"),
            .text("\(objective)"), .text(""),
        ])
        for trial in trials.sorted(by: { ($0.rate, $0.repetition) < ($1.rate, $1.repetition) }) {
            table.append([
                Figures.short(trial.rate), Figures.short(trial.achievedPerSecond),
                Figures.decimal(trial.p50Us, places: 0), Figures.decimal(trial.p99Us, places: 0),
                Bar.onTrack(trial.objectiveUs / objective.limitUs, width: 30), trial.isMet ? "met" : "broken",
            ])
        }
        return table.rendered()
    }
}
