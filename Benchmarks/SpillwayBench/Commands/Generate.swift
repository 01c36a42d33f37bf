import ArgumentParser
import Spillway
import SpillwayTrace

/// `spillway-bench generate`: how fast traces are made.
struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How many attempts a second a scenario gives, or a recording is read at.",
        discussion: """
            Slices of the trace are made by so many threads and dropped. Slices are taken from two thirds of the trace \
            on, where a day's surge is.

            EXAMPLES
              spillway-bench generate
              spillway-bench generate --trace traces/norm.yaml --threads 1,2,4
            """)

    @OptionGroup var trace: TraceOptions

    @Option(help: ArgumentHelp("Threads that make slices. (default: one; one a processor)", valueName: "list"))
    var threads: OptionList<Int>?

    @OptionGroup var plan: RunOptions
    @OptionGroup var report: ReportOptions

    private static let metrics = [
        Metric(name: "attemptsPerSecond", title: "million attempts/s", better: .higher, places: 2, scale: 1e6),
        Metric(
            name: "processorSecondsPerMillion", title: "processor s per million attempts", better: .lower, places: 4),
    ]

    func validate() throws {
        guard threads?.values.allSatisfy({ (1...256).contains($0) }) ?? true else {
            throw ValidationError("give 1 to 256 --threads")
        }
    }

    func run() throws {
        let opened = try openTrace(trace.trace)
        let counts = threads?.values ?? Set([1, Process.processorCount]).sorted()
        var attempts = 0
        let figures = try plan.rounds("generate", unitsPerRun: min(trace.effectiveLimit, opened.expectedAttempts))
            .run(cases: counts.count) { index in
                let processorUs = Process.processorTimeUs
                let seconds = try Stopwatch.seconds { attempts = try read(opened, threads: counts[index]) }
                let processorSeconds = Double(Process.processorTimeUs - processorUs) / 1e6
                return [
                    "attemptsPerSecond": Double(attempts) / seconds,
                    "processorSecondsPerMillion": processorSeconds * 1e6 / Double(max(1, attempts)),
                ]
            }
        try report.write(
            BenchmarkReport(
                command: "generate",
                settings: ["trace": trace.trace, "attempts": "\(attempts)"].merging(plan.settings) { $1 },
                metrics: Self.metrics,
                cases: zip(counts, figures).map { .init(settings: ["threads": "\($0)"], repetitions: $1) }))
    }

    /// Reads slices until the limit is reached; returns how many attempts there were.
    private func read(_ opened: any Trace, threads: Int) throws -> Int {
        let limit = trace.effectiveLimit
        let start = limit < opened.expectedAttempts ? opened.sliceCount * 2 / 3 : 0
        let done = Monitor(0)
        let idle = Monitor<[TraceSlice]>([])
        try concurrentPerform(opened.sliceCount - start, threads: threads) { index in
            guard done.withLock({ $0 < limit }) else { return }
            var slice = idle.withLock { $0.popLast() } ?? TraceSlice()
            try opened.readSlice(start + index, into: &slice)
            let (count, kept) = (slice.count, slice)
            done.withLock { $0 += count }
            idle.withLock { $0.append(kept) }
        }
        return done.withLock { $0 }
    }
}
