import ArgumentParser
import SpillwayProgram

@main
struct Program {
    static func main() { SpillwayBench.runAsProgram() }
}

struct SpillwayBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spillway-bench",
        abstract: "Measures Spillway on this machine.",
        discussion: """
            Every command prints a table, or with --format json what `compare` reads, and with --output writes that to a \
            file. Measure on a machine that does nothing else.

            Exits 0 on success, 1 where the work failed, 64 for wrong usage, 65 for bad input data, 74 where the \
            system refused to read or write.
            """,
        subcommands: [
            Ingest.self, Latency.self, Knee.self, Scale.self, Index.self, Recover.self, Queries.self, Generate.self,
            Limits.self, Compare.self, Fill.self,
        ])
}
