import SpillwayConsole
import ArgumentParser
import SpillwayModel
import SpillwayPlatform
import SpillwayPlot
import SpillwayTrace
import Synchronization

struct TraceDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Say what a trace holds: totals, peaks, shares and curves by region, retries.",
        discussion: """
            EXAMPLES
              spillway trace describe traces/telegram-2021-10-04.yaml
              spillway trace describe traces/telegram-2021-10-04.yaml --plot day.svg --plot day.html
              spillway trace describe norm.parquet --format json
            """)

    /// Columns that a plot has where no terminal says how many there are.
    private static let plotColumns = 100

    @Argument(help: "The scenario, recording or store.", completion: .file())
    var trace: String

    @Option(name: .customLong("plot"), help: PlotFile.help, completion: .file(extensions: ["svg", "html"]))
    var plots: [PlotFile] = []

    @OptionGroup var recipe: RecipeOptions
    @OptionGroup var recording: RecordingArguments
    @OptionGroup var output: OutputOptions

    func run() throws {
        let trace = try openTrace(
            trace, seed: recipe.seed, scale: recipe.scale, recording: recording.options())
        let bar = ProgressBar(trace.name)
        defer { bar.finish() }
        let description = try TraceDescription(
            describing: WatchedTrace(trace, bar: bar), threads: Process.processorCount)
        bar.finish()
        let report = TraceReport(description, of: trace)
        for plot in plots { try plot.write(report.page) }
        try report.rejected?.print()
        try output.print(
            table: report.table(columns: Terminal.width(.output) ?? Self.plotColumns, glyphs: .ofLocale),
            json: report.json)
    }
}

/// A trace whose reading is followed by a progress bar.
private final class WatchedTrace: Trace {
    private let trace: any Trace
    private let bar: ProgressBar
    private let attempts = Atomic<Int>(0)

    init(_ trace: any Trace, bar: ProgressBar) {
        self.trace = trace
        self.bar = bar
    }

    var name: String { trace.name }
    var fingerprint: UInt64 { trace.fingerprint }
    var sliceCount: Int { trace.sliceCount }
    var expectedAttempts: Int { trace.expectedAttempts }
    var registrationsByRegion: [Region: Int]? { trace.registrationsByRegion }
    var rejectedRows: RejectedRows? { trace.rejectedRows }

    func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        try trace.readSlice(index, into: &slice)
        let done = attempts.add(slice.count, ordering: .relaxed).newValue
        bar.update(done: done, of: expectedAttempts, shares: [])
    }
}
