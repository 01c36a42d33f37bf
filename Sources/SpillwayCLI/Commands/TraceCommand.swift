import ArgumentParser
import SpillwayTrace

struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Make and describe traces.",
        subcommands: [])
}
