import ArgumentParser
import Spillway
import SpillwayConsole

/// `spillway-bench query`: how long answers take.
struct Queries: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "How long questions to a store take.",
        discussion: """
            Each question is asked as a program does that has nothing open: the store's files are opened, read (from the \
            page cache) and closed again. Questions take turns. Without a store, one is made of a trace, and sealed.

            EXAMPLES
              spillway-bench query
              spillway-bench query --make 70000000
              spillway-bench query signups --format json
            """)

    @Argument(help: "The store. It is not changed. (default: one is made)", completion: .directory)
    var store: String?

    @Option(help: ArgumentHelp("Registrations of the store to make.", valueName: "n"))
    var make = 10_000_000

    @Option(help: ArgumentHelp("The trace to make it from.", valueName: "file"), completion: .file())
    var trace = "traces/telegram-2021-10-04.yaml"

    @Option(help: ArgumentHelp("Identities to look up at once.", valueName: "n"))
    var lookups = 100

    @OptionGroup var plan: RunOptions
    @OptionGroup var report: ReportOptions

    private static let metrics = [
        Metric(name: "milliseconds", title: "ms", better: .lower, places: 2),
        Metric(
            name: "registrationsPerSecond", title: "million registrations/s of the store", better: .higher, places: 1,
            scale: 1e6),
        Metric(name: "rows", title: "rows of the answer", better: .neither, places: 0),
    ]

    func validate() throws {
        guard (1...1 << 40).contains(make), (1...1_000_000).contains(lookups) else {
            throw ValidationError("give 1 or more to --make, and 1 to 1000000 --lookups")
        }
    }

    func run() throws {
        let made = store == nil ? try makeStore() : nil
        defer { made?.remove() }
        let source = store ?? made?.path ?? ""
        let registrations = try Query().run(onStoreAt: source).registrations
        let known = try Question.identities(of: source, count: lookups)
        let questions = Question.all(
            busiestHour: try Question.busiestHour(of: source), known: known,
            absent: try Question.absent(from: source, nextTo: known))
        let figures = try plan.rounds("query", unitsPerRun: registrations).run(cases: questions.count) { index in
            var rows = 0
            let seconds = try Stopwatch.seconds { rows = try questions[index].ask(source) }
            return [
                "milliseconds": seconds * 1000, "registrationsPerSecond": Double(registrations) / seconds,
                "rows": Double(rows),
            ]
        }
        try report.write(
            BenchmarkReport(
                command: "query",
                settings: [
                    "store": store ?? "made of \(trace)", "registrations": "\(registrations)",
                    "threads": "\(Process.processorCount)",
                ].merging(plan.settings) { $1 },
                metrics: Self.metrics,
                cases: zip(questions, figures).map { .init(settings: ["question": $0.name], repetitions: $1) }))
    }

    private func makeStore() throws -> ScratchDirectory {
        let directory = try ScratchDirectory(
            in: plan.directory, bytes: StoreFilling.diskBytes(registrations: make))
        do {
            let engine = try Engine.open(at: directory.path)
            try StoreFilling.fill(engine, from: trace, registrations: make)
            try engine.close()
        } catch {
            directory.remove()
            throw error
        }
        return directory
    }
}
