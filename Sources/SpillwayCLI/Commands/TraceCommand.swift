import ArgumentParser

struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Write traces down, and describe them.",
        discussion: """
            EXAMPLES
              spillway trace describe traces/telegram-2021-10-04.yaml
              spillway trace generate traces/norm.yaml --out norm.parquet
            """,
        subcommands: [TraceGenerateCommand.self, TraceDescribeCommand.self])
}
