import ArgumentParser
import SpillwayPlatform

@main
struct Program {
    static func main() {
        let command: any ParsableCommand
        do {
            command = try SpillwayCommand.parseAsRoot()
        } catch {
            // Help too: exits 0 for that, 64 for wrong usage.
            SpillwayCommand.exit(withError: error)
        }
        do {
            var command = command
            try command.run()
        } catch {
            // The parser's own: help, or usage that only all options together show to be wrong.
            if SpillwayCommand.exitCode(for: error) != .failure { SpillwayCommand.exit(withError: error) }
            // A check's result, which is printed by now.
            if let code = error as? ExitCode { SpillwayCommand.exit(withError: code) }
            // Nothing is left to do if the message cannot be written either.
            try? Terminal.write("spillway: \(error)\n", to: .error)
            SpillwayCommand.exit(withError: ExitStatus(error).code)
        }
    }
}

struct SpillwayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spillway",
        abstract: "Absorb signup surges, and count what came in.",
        discussion: """
            EXAMPLES
              Absorb the 70-million day, then count it by region and hour:
                spillway replay traces/telegram-2021-10-04.yaml --store day
                spillway query --store day --by region --every 1h

              A thousandth of it, to try things out:
                spillway replay traces/telegram-2021-10-04.yaml --store small --scale 0.001

            Exits 0 on success, 1 where the work failed, 64 for wrong usage, 65 for bad input data, 74 where the \
            system refused to read or write.
            """,
        subcommands: [
            ReplayCommand.self, QueryCommand.self, LookupCommand.self, FilesCommand.self, VerifyCommand.self,
            RepairCommand.self, CompactCommand.self, VacuumCommand.self, EraseCommand.self, TraceCommand.self,
        ])
}
