import SpillwayConsole
import ArgumentParser
import SpillwayPlatform
import SpillwayStore

struct VacuumCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vacuum",
        abstract: "Delete files that nothing needs any more.",
        discussion: """
            Files that compaction has replaced stay for the retention time, for those who still read an earlier \
            version of the table; what a crash left goes at once. Nothing goes that the newest version needs. Others \
            may write and query the store meanwhile.

            EXAMPLES
              spillway vacuum --store day --dry-run
              spillway vacuum --store day --retention 12h
            """)

    @OptionGroup var store: StoreOptions

    @Option(
        help: ArgumentHelp("How long replaced files stay: 7d, 12h, or any number of s, m, h, d.", valueName: "time"))
    var retention = Retention(milliseconds: Vacuum.defaultRetentionMs)

    @Flag(help: "List what would go, and delete nothing.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        let vacuum = Vacuum(storeAt: store.store, retentionMs: retention.milliseconds, system: PosixSystem())
        let items = try vacuum.run(isDryRun: dryRun)
        try output.print(table: Self.table(items, isDryRun: dryRun), json: .array(items.map(Self.json)))
    }

    private static func json(_ item: Vacuum.Item) -> JSON {
        [
            "path": .string(item.path), "bytes": .unsigned(item.byteCount), "reason": .string(item.reason.rawValue),
        ]
    }

    private static func table(_ items: [Vacuum.Item], isDryRun: Bool) -> String {
        guard !items.isEmpty else { return "Nothing to delete.\n" }
        var table = Table([.text(isDryRun ? "Would go" : "Deleted"), .text("Reason"), .number("Size")])
        for item in items {
            table.append([item.path, item.reason.rawValue, Figures.bytes(Int(clamping: item.byteCount))])
        }
        let total = items.reduce(0) { $0 + Int(clamping: $1.byteCount) }
        table.setTotal(["\(Figures.grouped(items.count)) files", "", Figures.bytes(total)])
        return table.rendered()
    }
}

/// A time as people write it: `7d`, `12h`.
struct Retention: ExpressibleByArgument, CustomStringConvertible {
    let milliseconds: Int64

    private static let units: [(name: Character, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
    ]

    init(milliseconds: Int64) { self.milliseconds = milliseconds }

    init?(argument: String) {
        guard let unit = Self.units.first(where: { $0.name == argument.last }),
            let count = Int64(argument.dropLast()), count >= 0
        else { return nil }
        let (milliseconds, overflows) = count.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflows else { return nil }
        self.init(milliseconds: milliseconds)
    }

    var description: String {
        for unit in Self.units where milliseconds % unit.milliseconds == 0 {
            return "\(milliseconds / unit.milliseconds)\(unit.name)"
        }
        return "\(milliseconds)ms"
    }
}
