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

    /// Said before anything is measured.
    func validate() throws {
        guard let output else { return }
        let directory = URL(filePath: output).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: directory) else {
            throw ValidationError("--output is \(output): \(directory) is no directory that can be written to")
        }
    }

    /// - Parameter table: what people see, where it is more than the report's own table.
    func write(_ report: BenchmarkReport, table: String? = nil) throws {
        try write(json: try report.json(), table: table ?? report.table())
    }

    func write(json: String, table: String) throws {
        if let output { try Self.write(json, to: output) }
        try Terminal.write(format == .json ? json : table, to: .output)
    }

    /// Nothing is lost that took long to measure: what no file takes is printed.
    static func write(_ text: String, to path: String) throws {
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            try? Terminal.write(text, to: .output)
            throw BenchmarkError.failedFile(
                path: path, problem: "cannot be written: \(error.localizedDescription)")
        }
    }
}
