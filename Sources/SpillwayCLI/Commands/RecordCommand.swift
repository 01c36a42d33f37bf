import ArgumentParser
import SpillwayConsole
import SpillwayPlatform
import SpillwayTrace

struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Write a store down as a recording.",
        discussion: """
            The recording holds the store's registrations in the order of time; replaying it makes a store of the \
            same. It appears under its name once it is whole. Changes nothing in the store, and works beside the \
            process that writes it and on a store that was killed.

            EXAMPLES
              spillway record --store day --out day.parquet
              spillway record --store day --out head.csv --limit 1000
            """)

    @OptionGroup var store: StoreOptions

    @Option(
        help: ArgumentHelp("The recording to write: .parquet or .csv.", valueName: "file"),
        completion: .file())
    var out: String

    @Option(help: ArgumentHelp("Write no more than so many registrations.", valueName: "n"))
    var limit: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit is \(limit): give 0 or more") }
    }

    func run() throws {
        let trace = try StoreTrace(path: store.store)
        let bar = ProgressBar(trace.name)
        defer { bar.finish() }
        let expected = min(trace.expectedAttempts, limit ?? .max)
        let recorder = try TraceRecorder(trace, to: out, limit: limit ?? .max) { attempts in
            bar.update(done: attempts, of: expected, shares: [])
        }
        // No identity is in a store twice, so that every attempt is a registration.
        let registrations = try recorder.run(threads: Process.processorCount)
        bar.finish()
        try output.print(
            table: "\(out): \(Figures.grouped(registrations)) registrations\n",
            json: [
                "attempts": .integer(registrations), "registrations": .integer(registrations),
                "file": .string(out),
            ])
    }
}
