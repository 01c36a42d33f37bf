import SpillwayConsole
import ArgumentParser
import Logging
import SpillwayPlatform
import SpillwayStore

struct FilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files",
        abstract: "List the store's Parquet files, for tools that do not read Delta tables.",
        discussion: """
            Paths, one a line; in JSON their names within the store.

            EXAMPLES
              spillway files --store day
              python -c "import duckdb, sys; print(duckdb.read_parquet(sys.argv[1:]).count('*'))" \\
                $(spillway files --store day)
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let view = try StoreView(path: store.store, system: PosixSystem())
        let layout = StoreLayout(root: store.store)
        let sealed = view.segments.filter { $0.path == layout.sealed($0.name) }
        let unsealed = view.rowCount - sealed.reduce(0) { $0 + $1.rowCount }
        if unsealed > 0 {
            Logger.notices.warning(
                "\(Figures.grouped(unsealed)) registrations are in no file yet: they will be once the store is closed"
            )
        }
        try output.print(
            table: sealed.map { $0.path + "\n" }.joined(),
            json: .array(sealed.map { .string($0.name.description) }))
    }
}
