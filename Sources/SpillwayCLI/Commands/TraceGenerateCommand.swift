import SpillwayConsole
import ArgumentParser
import SpillwayPlatform
import SpillwayTrace

struct TraceGenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write a trace down as a recording.",
        discussion: """
            The recording holds the attempts that replaying the trace sends: those of a scenario, or of a recording \
            that another program wrote. It appears under its name once it is whole.

            EXAMPLES
              spillway trace generate traces/norm.yaml --out norm.parquet
              spillway trace generate traces/norm.yaml --out head.csv --limit 1000 --seed 7
              spillway trace generate export.csv.gz --map identity=phone --on-error skip --out export.parquet
            """)

    @Argument(help: "The scenario, or a recording to convert.", completion: .file())
    var trace: String

    @Option(
        help: ArgumentHelp("The recording to write: .parquet or .csv.", valueName: "file"),
        completion: .file())
    var out: String

    @Option(help: ArgumentHelp("Write no more than so many attempts.", valueName: "n"))
    var limit: Int?

    @OptionGroup var recipe: RecipeOptions
    @OptionGroup var recording: RecordingArguments
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit is \(limit): give 0 or more") }
    }

    func run() throws {
        let trace = try openTrace(
            trace, seed: recipe.seed, scale: recipe.scale, recording: recording.options())
        let bar = ProgressBar(trace.name)
        defer { bar.finish() }
        let expected = min(trace.expectedAttempts, limit ?? .max)
        let recorder = try TraceRecorder(trace, to: out, limit: limit ?? .max) { attempts in
            bar.update(done: attempts, of: expected, shares: [])
        }
        let attempts = try recorder.run(threads: Process.processorCount)
        let registrations = try registrations(of: trace)
        bar.finish()
        let rejected = RejectedRowsReport(trace)
        try rejected?.print()
        var json: [JSON.Member] = [
            JSON.Member(key: "attempts", value: .integer(attempts)),
            JSON.Member(key: "registrations", value: .integer(registrations)),
            JSON.Member(key: "file", value: .string(out)),
        ]
        if let rejected { json.append(JSON.Member(key: "rejected", value: rejected.json)) }
        try output.print(
            table:
                "\(out): \(Figures.grouped(attempts)) attempts of \(Figures.grouped(registrations)) registrations\n",
            json: .object(json))
    }

    /// Of what was written.
    private func registrations(of trace: any Trace) throws -> Int {
        if limit == nil, let regions = trace.registrationsByRegion { return regions.values.reduce(0, +) }
        return try TraceDescription(describing: openTrace(out), threads: Process.processorCount).registrations
    }
}
