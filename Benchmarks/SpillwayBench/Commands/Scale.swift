import ArgumentParser
import Spillway
import SpillwayConsole

/// `spillway-bench scale`: what more processors bring, and what a fuller store costs.
struct Scale: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Throughput over processors, with the Universal Scalability Law, and over known identities.",
        discussion: """
            For each number of processors the whole engine and one producer a processor are kept to as many. The \
            coefficients of the Universal Scalability Law are fitted to all repetitions by least squares: lambda, the \
            throughput of one; sigma, contention; kappa, coherence (which two loads cannot tell from contention: it is \
            then taken for 0).

            Known identities are entered into the index before the clock starts, and none of them is measured. As when a \
            store is opened, the index has room for those, and grows when more come; with --expected it has room for all \
            from the start. Numbers that do not fit the memory are left out, and named.

            EXAMPLES
              spillway-bench scale
              spillway-bench scale --processors 1,2,4,8 --csv scale.csv
              spillway-bench scale --known 0,70000000,250000000,500000000 --repetitions 3
            """)

    @OptionGroup var trace: TraceOptions

    @Option(help: ArgumentHelp("Processors to use. (default: 1 to all)", valueName: "list"))
    var processors: OptionList<Int>?

    @Option(help: ArgumentHelp("Identities that are known before, measured on all processors.", valueName: "list"))
    var known: OptionList<Int> = [0, 70_000_000]

    @Option(help: "What identities look like: e164, random.")
    var identities = IdentityKind.e164

    @Option(help: ArgumentHelp("Attempts in a batch.", valueName: "n"))
    var batch = 16_384

    @Option(help: "What an acknowledgement promises: synced, written, memory.")
    var durability = Durability.synced

    @Option(
        help: ArgumentHelp(
            "A file for load and throughput of each repetition, as programs that fit the law take them.",
            valueName: "file"), completion: .file())
    var csv: String?

    @Flag(help: "Tell the engine how many registrations to make room for.")
    var expected = false

    @Flag(inversion: .prefixedNo, help: "Measure what the machine allows, too.")
    var limits = true

    @OptionGroup var plan: RunOptions
    @OptionGroup var report: ReportOptions

    func validate() throws {
        let online = Process.processorCount
        guard processors?.values.allSatisfy({ (1...online).contains($0) }) ?? true else {
            throw ValidationError("--processors: this machine has \(online): give 1 to \(online)")
        }
        guard known.values.allSatisfy({ (0...1 << 40).contains($0) }) else {
            throw ValidationError("--known: give 0 or more")
        }
        guard (1...4_194_304).contains(batch) else { throw ValidationError("give a --batch of 1 to 4194304 attempts") }
    }

    func run() throws {
        let input = try PreparedTrace(
            path: trace.trace, limit: trace.effectiveLimit, batchSize: batch, identities: identities)
        let room = IndexRoom(attempts: input.attempts, isExpected: expected)
        let cases = makeCases(room)
        let all = CurrentThread.processors
        defer { try? CurrentThread.run(on: all) }
        let meter = limits ? try LimitsMeter(directory: plan.directory) : nil
        let figures = try plan.rounds("scale", unitsPerRun: input.attempts).run(cases: cases.count) { index in
            let part = cases[index]
            try CurrentThread.run(on: Array(all.prefix(part.processors)))
            let limits = try meter?.measure(threads: part.processors)
            return IngestFigures(
                result: try ingest(input, part).measure(), processors: part.processors, limits: limits,
                durability: durability
            ).values
        }
        try CurrentThread.run(on: all)
        let result = ScaleResult(cases: cases, figures: figures)
        try report.write(makeReport(result, input, leftOut: known.values.filter { !room.fits($0) }))
        if let csv { try ReportOptions.write(result.csv, to: csv) }
    }

    private func ingest(_ input: PreparedTrace, _ part: ScaleCase) -> IngestRun {
        var configuration = EngineConfiguration()
        configuration.durability = durability
        configuration.encoderCount = part.processors
        configuration.expectedRegistrations = part.known + (expected ? input.attempts : 0)
        return IngestRun(
            input: input, configuration: configuration, producers: part.processors, directory: plan.directory,
            known: part.known > 0 ? KnownIdentities(count: part.known, kind: identities) : nil)
    }

    private func makeCases(_ room: IndexRoom) -> [ScaleCase] {
        let counts = processors?.values ?? Array(1...Process.processorCount)
        let loads = counts.map { ScaleCase(processors: $0, known: 0) }
        let fuller = known.values.filter { $0 > 0 && room.fits($0) }
            .map { ScaleCase(processors: Process.processorCount, known: $0) }
        return loads + fuller
    }

    private func makeReport(
        _ result: ScaleResult, _ input: PreparedTrace, leftOut: [Int]
    ) -> BenchmarkReport {
        let settings = [
            "trace": trace.trace, "attempts": "\(input.attempts)", "identities": identities.rawValue,
            "batch": "\(batch)", "durability": durability.rawValue, "expected": "\(expected)",
        ]
        var report = BenchmarkReport(
            command: "scale", settings: settings.merging(plan.settings) { $1 }, metrics: IngestFigures.metrics,
            cases: result.reportCases)
        report.derived = result.derived
        report.notes =
            result.notes
            + leftOut.map { "\(Figures.grouped($0)) known identities do not fit the memory: left out" }
        return report
    }
}

/// Whether the index has room for so many known identities beside what is ingested.
private struct IndexRoom {
    let attempts: Int
    let isExpected: Bool

    /// An index that knows its size takes 12 bytes an identity, one that has just grown 24; what else the engine takes is
    /// less than 2 GiB.
    func fits(_ known: Int) -> Bool {
        let needed = (known + attempts) * (isExpected ? 13 : 25) + 2 << 30
        return needed <= min(EngineConfiguration().memoryLimitBytes, Process.availableMemoryBytes ?? 0)
    }
}
