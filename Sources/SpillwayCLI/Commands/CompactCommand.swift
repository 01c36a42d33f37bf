import ArgumentParser
import SpillwayPlatform
import SpillwayStore

struct CompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Merge small files into large ones.",
        discussion: """
            Files below half the size of a full one, and those of small row groups, become full ones that other tools \
            read faster, with a bloom filter for lookups. The registrations stay as they are. Others may write and \
            query the store meanwhile; stopped at any moment, it leaves the store sound. The files that were merged \
            stay on disk until vacuum deletes them.

            EXAMPLES
              spillway compact --store day
              spillway compact --store day --format json
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let bar = ProgressBar("compact")
        defer { bar.finish() }
        let report = try Compaction(storeAt: store.store, system: PosixSystem()).run(onProgress: { done, total in
            bar.update(done: done, of: total, shares: [])
        })
        bar.finish()
        try output.print(table: Self.table(report), json: Self.json(report))
    }

    private static func table(_ report: Compaction.Report) -> String {
        guard report.segmentsBefore > 0 else { return "Nothing to merge: the files are large already.\n" }
        var table = Table([.text(""), .number("Files"), .number("Registrations"), .number("Size"), .number("B/row")])
        for (title, files, bytes) in [
            ("merged", report.segmentsBefore, report.bytesBefore), ("into", report.segmentsAfter, report.bytesAfter),
        ] {
            table.append([
                title, Figures.grouped(files), Figures.grouped(report.rowCount),
                Figures.bytes(Int(clamping: bytes)),
                Figures.decimal(Double(bytes) / Double(max(1, report.rowCount)), places: 2),
            ])
        }
        return table.rendered()
    }

    private static func json(_ report: Compaction.Report) -> JSON {
        [
            "filesBefore": .integer(report.segmentsBefore), "filesAfter": .integer(report.segmentsAfter),
            "registrations": .integer(report.rowCount), "bytesBefore": .unsigned(report.bytesBefore),
            "bytesAfter": .unsigned(report.bytesAfter),
        ]
    }
}
