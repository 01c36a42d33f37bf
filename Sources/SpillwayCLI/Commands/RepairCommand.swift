import SpillwayConsole
import ArgumentParser
import SpillwayPlatform
import SpillwayProgram
import SpillwayStore

struct RepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Write what is sound of a damaged store into a new one.",
        discussion: """
            The store itself is not touched. Row groups and journal records are taken whole or not at all, also \
            behind damage; an identity that is stored twice is taken once. Exits 1 if anything was lost.

            EXAMPLES
              spillway repair --store day --out day-repaired
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: "The new store's directory, which must not be there yet.", completion: .directory)
    var out: String

    @Option(help: ArgumentHelp("Memory for finding identities that are stored twice.", valueName: "size"))
    var memory = ByteCount(bytes: 1 << 30)

    @OptionGroup var output: OutputOptions

    func validate() throws {
        let (inner, outer) = (StoreLayout(root: out).root, StoreLayout(root: store.store).root)
        if inner == outer || inner.hasPrefix(outer + "/") {
            throw ValidationError("give --out a directory outside of the store, which stays as it is")
        }
    }

    func run() throws {
        var repair = Repair(path: store.store, newPath: out, system: PosixSystem())
        repair.memoryBytes = memory.bytes
        let bar = ProgressBar("repair")
        let report = try repair.run { done, total in bar.update(done: done, of: total, shares: []) }
        bar.finish()
        try output.print(table: table(report), json: Self.json(report))
        if !report.losses.isEmpty { throw ExitStatus.failed.code }
    }

    private static func json(_ report: RepairReport) -> JSON {
        [
            "registrations": .integer(report.registrations),
            "segments": .integer(report.segments),
            "lost": .array(report.losses.map { Self.json($0) }),
        ]
    }

    private static func json(_ loss: RepairReport.Loss) -> JSON {
        let rows: JSON = if let rows = loss.rows { .integer(rows) } else { .null }
        return [
            "file": .string(loss.problem.file),
            "offset": .integer(Int(clamping: loss.problem.offset)),
            "registrations": rows,
            "problem": .string(loss.problem.problem),
        ]
    }

    private func table(_ report: RepairReport) -> String {
        var text = ""
        if !report.losses.isEmpty {
            var table = Table([.text("File"), .number("Offset"), .number("Registrations lost"), .text("Problem")])
            for loss in report.losses {
                table.append([
                    loss.problem.file, Figures.grouped(Int(clamping: loss.problem.offset)),
                    loss.rows.map { Figures.grouped($0) } ?? "unknown", loss.problem.problem,
                ])
            }
            text = table.rendered() + "\n"
        }
        let written = "\(Figures.grouped(report.registrations)) registrations in \(report.segments) segments of \(out)"
        return text + "\(written): \(report.losses.isEmpty ? "nothing was lost" : "some were lost")\n"
    }
}
