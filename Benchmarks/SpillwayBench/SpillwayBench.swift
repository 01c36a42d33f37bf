import ArgumentParser

@main
struct SpillwayBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spillway-bench",
        abstract: "Measures Spillway on this machine.",
        subcommands: [Ingest.self, Latency.self, Knee.self, Recover.self])
}
