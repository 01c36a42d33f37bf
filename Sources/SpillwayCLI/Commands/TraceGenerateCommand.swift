import SpillwayConsole
import ArgumentParser
import SpillwayPlatform
import SpillwayTrace

struct TraceGenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write a scenario down as a recording.",
        discussion: """
            The recording holds the attempts that replaying the scenario sends. It appears under its name once it is \
            whole.

            EXAMPLES
              spillway trace generate traces/norm.yaml --out norm.parquet
              spillway trace generate traces/norm.yaml --out head.csv --limit 1000 --seed 7
            """)

    @Argument(help: "The scenario.", completion: .file())
    var scenario: String

    @Option(
        help: ArgumentHelp("The recording to write: .parquet or .csv.", valueName: "file"),
        completion: .file())
    var out: String

    @Option(help: ArgumentHelp("Write no more than so many attempts.", valueName: "n"))
    var limit: Int?

    @OptionGroup var recipe: RecipeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit is \(limit): give 0 or more") }
    }

    func run() throws {
        let trace = try openTrace(scenario, seed: recipe.seed, scale: recipe.scale)
        let bar = ProgressBar(trace.name)
        defer { bar.finish() }
        let expected = min(trace.expectedAttempts, limit ?? .max)
        let recorder = try TraceRecorder(trace, to: out, limit: limit ?? .max) { attempts in
            bar.update(done: attempts, of: expected, shares: [])
        }
        let attempts = try recorder.run(threads: Process.processorCount)
        let registrations = try registrations(of: trace)
        bar.finish()
        try output.print(
            table:
                "\(out): \(Figures.grouped(attempts)) attempts of \(Figures.grouped(registrations)) registrations\n",
            json: [
                "attempts": .integer(attempts), "registrations": .integer(registrations),
                "file": .string(out),
            ])
    }

    /// Of what was written.
    private func registrations(of trace: any Trace) throws -> Int {
        if limit == nil, let regions = trace.registrationsByRegion { return regions.values.reduce(0, +) }
        return try TraceDescription(describing: openTrace(out), threads: Process.processorCount).registrations
    }
}
