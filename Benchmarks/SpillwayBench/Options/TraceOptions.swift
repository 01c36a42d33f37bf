import ArgumentParser

/// Where attempts come from.
struct TraceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The trace to take attempts from: a scenario or a recording.", valueName: "file"),
        completion: .file())
    var trace = "traces/telegram-2021-10-04.yaml"

    @Option(
        help: ArgumentHelp("Attempts to take, from the surge on. All of the trace: 0.", valueName: "n"))
    var limit = 20_000_000

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit is \(limit): give 0 or more") }
    }

    var effectiveLimit: Int { limit == 0 ? .max : limit }
}
