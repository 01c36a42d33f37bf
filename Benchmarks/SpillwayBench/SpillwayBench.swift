import ArgumentParser
import SpillwayPlatform

@main
struct Program {
    static func main() {
        let command: any ParsableCommand
        do {
            command = try SpillwayBench.parseAsRoot()
        } catch {
            // Help too: exits 0 for that, 64 for wrong usage.
            SpillwayBench.exit(withError: error)
        }
        do {
            var command = command
            try command.run()
        } catch {
            // The parser's own: help, or usage that only all options together show to be wrong.
            if SpillwayBench.exitCode(for: error) != .failure { SpillwayBench.exit(withError: error) }
            // Nothing is left to do if the message cannot be written either.
            try? Terminal.write("spillway-bench: \(error)\n", to: .error)
            SpillwayBench.exit(withError: ExitStatus(error).code)
        }
    }
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
            Ingest.self, Latency.self, Knee.self, Scale.self, Recover.self, Queries.self, Generate.self, Limits.self,
            Compare.self, Fill.self,
        ])
}
