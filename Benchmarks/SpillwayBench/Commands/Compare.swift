import ArgumentParser
import Foundation
import SpillwayConsole
import SpillwayPlatform

/// `spillway-bench compare`: what differs, and what is chance.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two reports of one command: what differs, and what is chance.",
        discussion: """
            Each case and metric that both have is tested by Welch's t-test at 5 %, with as many repetitions as they \
            are worth after their correlation with one another. Small samples find large differences only: measure 10 \
            repetitions or more where a few percent matter.

            EXAMPLES
              spillway-bench ingest --repetitions 10 --output before.json
              spillway-bench ingest --repetitions 10 --output after.json
              spillway-bench compare before.json after.json
            """)

    @Argument(help: "A report that a command wrote with --output.", completion: .file())
    var first: String

    @Argument(help: "Another one of the same command.", completion: .file())
    var second: String

    @OptionGroup var report: ReportOptions

    func run() throws {
        let comparison = try ReportComparison(
            (first, BenchmarkReport(contentsOf: first)), (second, BenchmarkReport(contentsOf: second)))
        try report.write(json: try comparison.json(), table: comparison.table())
    }
}
