import ArgumentParser
import Foundation
import SpillwayConsole

/// `spillway-bench knee`: the highest rate that keeps a latency objective.
struct Knee: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Up to which rate acknowledgements keep a latency objective.",
        discussion: """
            Each repetition is a search of its own: the rate is multiplied until the objective breaks, then what lies \
            between is halved. A rate that falls short by more than 2 %, or has attempts refused, breaks it, too. \
            The interval is Student's t over the logarithms of the repetitions' knees.

            Examples:
              spillway-bench knee
              spillway-bench knee --objective p99.9=50ms --from 500k --senders 2 --csv knee.csv
            """)

    @OptionGroup var load: OpenLoopOptions

    @Option(help: "What latency has to keep, such as p99=10ms, p99.9=50ms, max=1s.")
    var objective = LatencyObjective.usual

    @Option(help: "The rate to begin with, in attempts a second.")
    var from = Rate(perSecond: 1e6)

    @Option(help: "The highest rate to try.")
    var to = Rate(perSecond: 16e6)

    @Option(help: "What the rate is multiplied by until the objective breaks.")
    var growth = 2.0

    @Option(help: "How near a rate that breaks may lie to the knee, as a part of it.")
    var precision = 0.1

    @Option(help: "Seconds that count, of each rate.")
    var duration = Seconds(3)

    @Option(help: "A file for every rate that was tried, with its latencies.", completion: .file())
    var csv: String?

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard growth > 1, precision > 0, to.perSecond >= from.perSecond else {
            throw ValidationError("Rates must grow, and the precision be positive.")
        }
    }

    func run() throws {
        let input = try load.prepare(duration: duration, rate: to.perSecond)
        var trials: [KneeTrial] = []
        var knees: [[String: Double]] = []
        for repetition in 0..<load.repetitions {
            let found = try search(input, repetition: repetition)
            trials += found
            if let knee = found.filter(\.isMet).max(by: { $0.rate < $1.rate }) {
                knees.append([Self.knee.name: knee.rate, "p50Us": knee.p50Us, "p99Us": knee.p99Us])
            }
        }
        if let csv {
            let text = trials.reduce(KneeTrial.csvHeader) { $0 + $1.csvLine }
            try text.write(toFile: csv, atomically: true, encoding: .utf8)
        }
        try write(trials, knees)
    }

    private func search(_ input: PreparedTrace, repetition: Int) throws -> [KneeTrial] {
        var search = KneeSearch(
            start: from.perSecond, range: from.perSecond / 1024...to.perSecond, growth: growth, precision: precision)
        var trials: [KneeTrial] = []
        while let rate = search.nextRate {
            let result = try load.run(input, duration: duration, rate: rate, seed: UInt64(trials.count))
            let trial = KneeTrial(result, rate: rate, repetition: repetition, objective: objective)
            search.record(rate, isMet: trial.isMet)
            trials.append(trial)
        }
        return trials
    }

    private static let knee = Metric(
        name: "kneePerSecond", title: "knee, million attempts/s", better: .higher, places: 2, scale: 1e6)

    private func write(_ trials: [KneeTrial], _ knees: [[String: Double]]) throws {
        var settings = load.settings
        settings["objective"] = "\(objective)"
        settings["range"] = "\(from)…\(to)"
        settings["duration"] = "\(duration)"
        let interval = ConfidenceInterval(knees.compactMap { $0[Self.knee.name] })
        if let interval {
            settings["interval95"] = "\(Int(interval.lower))…\(Int(interval.upper))"
        }
        let result = BenchmarkReport(
            command: "knee", settings: settings,
            metrics: [
                Self.knee, Metric(name: "p50Us", title: "p50 at the knee, µs", better: .lower, places: 0),
                Metric(name: "p99Us", title: "p99 at the knee, µs", better: .lower, places: 0),
            ], cases: [BenchmarkReport.Case(settings: [:], repetitions: knees)])
        let verdict = interval.map {
            let bounds = [$0.center, $0.lower, $0.upper].map(Figures.short)
            return "knee at \(bounds[0]) attempts/s, 95 % interval \(bounds[1]) to \(bounds[2])\n"
        }
        try report.write(
            result,
            table: result.table() + KneeTrial.table(trials, objective: objective) + "\n" + (verdict ?? ""))
    }
}
