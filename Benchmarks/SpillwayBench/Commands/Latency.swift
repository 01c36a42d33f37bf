import ArgumentParser
import Foundation
import Spillway
import SpillwayLatency
import SpillwayPlatform

/// `spillway-bench latency`: open loop, at a fixed rate.
struct Latency: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How long an acknowledgement takes while attempts come at a fixed rate.",
        discussion: """
            Batches are sent on schedule, whether or not those before them are answered, and each one's latency runs \
            from the instant at which it was to be sent: a wait that delays later batches counts for them, too (no \
            coordinated omission). Before, between and after the repetitions the disk alone is measured, by appending \
            64 KiB and syncing; the reach is an acknowledgement within 3 times as long (p99).

            A sender sleeps until 80 µs before a batch is due, then spins. Its own lateness is in the report.

            Examples:
              spillway-bench latency
              spillway-bench latency --rate 4M --batch 1000 --arrivals uniform --duration 30
              spillway-bench latency --arrivals traced --hlog latency.hlog --format json
            """)

    @OptionGroup var load: OpenLoopOptions

    @Option(help: "Attempts a second.")
    var rate = Rate(perSecond: 1e6)

    @Option(help: "Seconds that count, of each repetition.")
    var duration = Seconds(10)

    @Option(help: "Times that the bare append is measured before, between and after repetitions.")
    var bareAppends = 2000

    @Option(help: "A file for HdrHistogram's interval log of all repetitions.", completion: .file())
    var hlog: String?

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard bareAppends > 0 else { throw ValidationError("--bare-appends is \(bareAppends): give 1 or more") }
    }

    func run() throws {
        let input = try load.prepare(duration: duration, rate: rate.perSecond)
        let bare = BareAppend(directory: load.directory, count: bareAppends)
        var log = HistogramLog(startedAtMs: WallClock.nowMs(), program: "spillway-bench")
        var figures: [[String: Double]] = []
        var bareBefore = try bare.measure()
        for repetition in 0..<load.repetitions {
            let startedAtMs = WallClock.nowMs()
            let result = try load.run(input, duration: duration, rate: rate.perSecond, seed: UInt64(repetition))
            let bareAfter = try bare.measure()
            log.append(result, startedAtMs: startedAtMs)
            let bare = LatencyHistogram((bareBefore + bareAfter).lazy.map { ($0, 1) })
            figures.append(LatencyFigures(result, bare: bare).byName)
            bareBefore = bareAfter
        }
        if let hlog { try log.text.write(toFile: hlog, atomically: true, encoding: .utf8) }
        var settings = load.settings
        settings["rate"] = "\(rate)"
        settings["duration"] = "\(duration)"
        try report.write(
            BenchmarkReport(
                command: "latency", settings: settings, metrics: LatencyFigures.metrics,
                cases: [BenchmarkReport.Case(settings: [:], repetitions: figures)]))
    }
}
