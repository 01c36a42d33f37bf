import ArgumentParser
import SpillwayModel
import SpillwayProgram
import SpillwayTrace

/// Which part of a trace is replayed, and how often.
struct ExtentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Leave out what arrives earlier, by the trace's clock.", valueName: "time"),
        transform: { try Timestamp(argument: $0) })
    var from: Timestamp?

    @Option(
        help: ArgumentHelp("Leave out what arrives then or later.", valueName: "time"),
        transform: { try Timestamp(argument: $0) })
    var until: Timestamp?

    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp("Replay it so many times, one after the other, each time by other people.", valueName: "n"))
    var count = 1

    func validate() throws {
        if let from, let until, from >= until {
            throw ValidationError("--from is \(from.rfc3339), not before --until \(until.rfc3339)")
        }
        guard (1...10_000).contains(count) else { throw ValidationError("--repeat is \(count): give 1 to 10000") }
    }

    /// The trace as it is to be replayed.
    func applied(to trace: any Trace) throws -> any Trace {
        var trace = trace
        if from != nil || until != nil {
            let window = try TraceWindow(trace, from: from, until: until)
            if window.isEmpty {
                throw UsageError(
                    "\(trace.name): nothing arrives from \(from?.rfc3339 ?? "its start") until "
                        + "\(until?.rfc3339 ?? "its end")", status: .badInput)
            }
            trace = window
        }
        return count > 1 ? try RepeatedTrace(trace, count: count) : trace
    }
}
