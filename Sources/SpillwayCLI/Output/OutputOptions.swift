import ArgumentParser
import SpillwayPlatform

enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case table, json
}

struct OutputOptions: ParsableArguments {
    @Option(help: "How results are printed: for people or for scripts.")
    var format = OutputFormat.table

    /// Prints one of the two on standard output.
    func print(table: @autoclosure () -> String, json: @autoclosure () -> JSON) throws {
        switch format {
        case .table: try Terminal.write(table(), to: .output)
        case .json: try Terminal.write(json().rendered(), to: .output)
        }
    }
}

struct StoreOptions: ParsableArguments {
    @Option(help: "The store's directory.", completion: .directory)
    var store: String
}
