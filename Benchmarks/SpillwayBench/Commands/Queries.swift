import ArgumentParser
import Spillway
import SpillwayConsole

/// `spillway-bench query`: how long answers take.
struct Queries: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "How long questions to a store take, of Spillway and of its peers.",
        discussion: """
            Each question is asked of a snapshot that is held, whose look-ups keep in memory what they ask for again, \
            and of one that is taken for it: the store's files are opened, read (from the page cache) and closed again. Peers answer the same questions from the same files, \
            each in a process that stays and has its footers in memory, and some from a table of their own. All take \
            turns; two threads each. Without a store, one is made of a whole trace, scaled, and compacted.

            EXAMPLES
              spillway-bench query
              spillway-bench query --peers
              spillway-bench query --make 70000000
              spillway-bench query signups --format json
            """)

    @Argument(help: "The store. It is not changed. (default: one is made)", completion: .directory)
    var store: String?

    @Option(help: ArgumentHelp("Registrations of the store to make.", valueName: "n"))
    var make = 20_000_000

    @Option(help: ArgumentHelp("The trace to make it from.", valueName: "file"), completion: .file())
    var trace = "traces/telegram-2021-10-04.yaml"

    @Option(help: ArgumentHelp("Identities to look up at once.", valueName: "n"))
    var lookups = 1000

    @Flag(help: "Ask DuckDB, ClickHouse and Polars, too; installs them first. Run it in the project's directory.")
    var peers = false

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
        let snapshot = try Snapshot(ofStoreAt: source)
        let questions = Question.all(of: try Question.Subject(source, lookups: lookups))
        let engines = try engines(snapshot, source)
        let cases = questions.indices.flatMap { question in engines.indices.map { (question, $0) } }
            .filter { engines[$0.1].answers(questions[$0.0]) }
        let figures = try plan.rounds("query", unitsPerRun: snapshot.registrations).run(cases: cases.count) { index in
            let (question, engine) = (questions[cases[index].0], engines[cases[index].1])
            let (milliseconds, answer) = try engine.ask(question)
            let expected = try question.ask(snapshot)
            guard answer.rows == expected.rows, answer.registrations == expected.registrations else {
                throw BenchmarkError.failed(
                    """
                    \(question.name): \(engine.name) says \(answer.rows) rows of \(answer.registrations) registrations, \
                    and Spillway \(expected.rows) of \(expected.registrations)
                    """)
            }
            return [
                "milliseconds": milliseconds,
                "registrationsPerSecond": Double(snapshot.registrations) / milliseconds * 1000,
                "rows": Double(answer.rows),
            ]
        }
        let report = BenchmarkReport(
            command: "query",
            settings: [
                "store": store ?? "made of \(trace)", "registrations": "\(snapshot.registrations)",
                "threads": "\(Process.processorCount)",
            ].merging(plan.settings) { $1 },
            metrics: Self.metrics,
            cases: zip(cases, figures).map { place, figures in
                .init(
                    settings: ["question": questions[place.0].name, "engine": engines[place.1].name],
                    repetitions: figures)
            },
            notes: engines.compactMap(\.note))
        try self.report.write(report, table: QuestionTable(report, questions, engines.map(\.name)).rendered())
    }

    private func engines(_ snapshot: Snapshot, _ source: String) throws -> [QuestionEngine] {
        let files = snapshot.segmentPaths
        let peers = try peers ? QueryPeer.all.map { try QueryPeer($0.0, title: $0.1, files: files) } : []
        return [.held(snapshot), .opened(source)] + peers.map { .peer($0) }
    }

    /// Of a whole trace, so that there is a day to ask for.
    private func makeStore() throws -> ScratchDirectory {
        let directory = try ScratchDirectory(
            in: plan.directory, bytes: 2 * StoreFilling.diskBytes(registrations: make))
        do {
            let engine = try Engine.open(at: directory.path)
            try StoreFilling.fill(engine, fromAllOf: trace, registrations: make)
            try engine.close()
            var policy = CompactionPolicy()
            policy.segmentBytes = 1 << 40
            policy.addsBloomFilters = true
            _ = try Compaction(storeAt: directory.path, policy: policy, system: PosixSystem()).run()
        } catch {
            directory.remove()
            throw error
        }
        return directory
    }
}
