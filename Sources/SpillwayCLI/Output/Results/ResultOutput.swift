import ArgumentParser
import SpillwayPlatform

/// Where results go, and in which form.
struct ResultOutput: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How results are printed.", discussion: "Left out: what the name of --output says, else a table."))
    var format: ResultFormat?

    @Option(
        help: ArgumentHelp("Write into this file, and print nothing.", valueName: "file"), completion: .file())
    var output: String?

    @Option(
        name: .customLong("plot"), help: PlotFile.help, completion: .file(extensions: ["svg", "html"]),
        transform: PlotFile.parsed)
    var plots: [PlotFile] = []

    private var chosenFormat: ResultFormat { format ?? output.flatMap(ResultFormat.init(fileName:)) ?? .table }

    func validate() throws {
        if !chosenFormat.isText, output == nil, Terminal.isInteractive(.output) {
            throw ValidationError(
                "\(chosenFormat.rawValue) is not for a terminal: send it to a program, or give --output file.arrows")
        }
    }

    /// Prints the results, or puts them into their file, whole or not at all; and draws them.
    ///
    /// - Parameter source: Where they are from.
    func write(_ table: ResultTable, from source: String) throws {
        let bytes = try chosenFormat.bytes(of: table, on: output == nil ? .output : .file)
        if !plots.isEmpty {
            let page = try table.page(from: source)
            for plot in plots { try plot.write(page) }
        }
        if let output {
            try PosixSystem().replace(output, by: bytes)
        } else {
            try Terminal.write(bytes, to: .output)
        }
    }
}
