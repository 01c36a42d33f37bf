import ArgumentParser
import Foundation
import SpillwayConsole
import SpillwayPlatform

/// Where a sub-command's report goes.
struct ReportOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @Option(help: "How results are printed: for people or for scripts.")
    var format = Format.table

    @Option(help: "A file to write the JSON to as well, for `compare`.", completion: .file())
    var output: String?

    func write(_ report: BenchmarkReport) throws {
        let json = try report.json()
        if let output { try json.write(toFile: output, atomically: true, encoding: .utf8) }
        try Terminal.write(format == .json ? json : report.table(), to: .output)
    }
}
