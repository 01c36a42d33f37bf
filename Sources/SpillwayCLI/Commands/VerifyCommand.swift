import SpillwayConsole
import ArgumentParser
import SpillwayPlatform
import SpillwayProgram
import SpillwayStore

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read every byte of the store and check it.",
        discussion: """
            Checksums, statistics, values, uniqueness of identities, the table's log against its files. Changes \
            nothing, and works beside the process that writes the store and on a store that was killed. Exits 1 if \
            anything is damaged.

            EXAMPLES
              spillway verify --store day
              spillway verify --store day --format json --memory 256MiB
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("Memory for finding identities that are stored twice.", valueName: "size"))
    var memory = ByteCount(bytes: 1 << 30)

    @Option(help: ArgumentHelp("How many threads read; as many as there are processors if left out.", valueName: "n"))
    var threads: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("give --threads at least 1") }
    }

    func run() throws {
        var verification = Verification(path: store.store, system: PosixSystem())
        verification.memoryBytes = memory.bytes
        verification.threads = threads ?? Process.processorCount
        let bar = ProgressBar("verify")
        let report = try verification.run { done, total in bar.update(done: done, of: total, shares: []) }
        bar.finish()
        try output.print(table: Self.table(report), json: Self.json(report))
        if !report.isSound { throw ExitStatus.failed.code }
    }

    private static func json(_ report: VerificationReport) -> JSON {
        [
            "ok": .bool(report.isSound),
            "registrations": .integer(report.registrations),
            "segments": .integer(report.segments),
            "problems": .array(report.problems.map { $0.json }),
            "notes": .array(report.notes.map { $0.json }),
        ]
    }

    private static func table(_ report: VerificationReport) -> String {
        var text = ""
        if !report.problems.isEmpty { text += report.problems.table(title: "Problem") + "\n" }
        if !report.notes.isEmpty { text += report.notes.table(title: "Note") + "\n" }
        let size = "\(Figures.grouped(report.registrations)) registrations in \(report.segments) segments"
        let read = Figures.bytes(Int(clamping: report.byteCount))
        let verdict = report.isSound ? "sound" : "damaged: \(Figures.grouped(report.problems.count)) problems"
        return text + "\(size), \(read) read: \(verdict)\n"
    }
}

extension Problem {
    var json: JSON {
        ["file": .string(file), "offset": .integer(Int(clamping: offset)), "problem": .string(problem)]
    }
}

extension [Problem] {
    /// - Parameter title: Of the last column.
    func table(title: String) -> String {
        var table = Table([.text("File"), .number("Offset"), .text(title)])
        for problem in self {
            table.append([problem.file, Figures.grouped(Int(clamping: problem.offset)), problem.problem])
        }
        return table.rendered()
    }
}
