import ArgumentParser
import SpillwayProgram

@main
struct Program {
    static func main() { SpillwayCommand.runAsProgram() }
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
            RepairCommand.self, CompactCommand.self, VacuumCommand.self, EraseCommand.self, RecordCommand.self,
            TraceCommand.self,
        ])
}
