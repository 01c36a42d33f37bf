import ArgumentParser
import Spillway

/// `spillway-bench ingest`: closed loop, as fast as it goes.
struct Ingest: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How many attempts a second the engine answers, from batches that lie ready in memory.",
        discussion: """
            Each repetition ingests the same batches into a new store. The clock runs from the first batch to the \
            last acknowledgement; making the batches and closing the store are outside it.

            Examples:
              spillway-bench ingest
              spillway-bench ingest --limit 70000000 --repetitions 3
              spillway-bench ingest --identities random --durability written --format json
            """)

    enum Identities: String, ExpressibleByArgument, CaseIterable {
        /// Telephone numbers, as the trace has them.
        case e164
        /// The trace's, each replaced by 64 random bits: equal ones by equal ones.
        case random
    }

    @Option(help: "The trace to take attempts from.")
    var trace = "traces/telegram-2021-10-04.yaml"

    @Option(help: "Attempts to ingest, from the trace's busiest part on. All of them: 0.")
    var limit = 20_000_000

    @Option(help: "What identities look like: \(Identities.allCases.map(\.rawValue).joined(separator: ", ")).")
    var identities = Identities.e164

    @Option(help: "Threads that hand over batches.")
    var producers = 2

    @Option(help: "Attempts in a batch.")
    var batch = 16_384

    @Option(help: "Locks that the identity space is divided among.")
    var shards = EngineConfiguration().shardCount

    @Option(help: "What an acknowledgement promises: synced, written, memory.")
    var durability = Durability.synced

    @Flag(help: "Tell the engine how many registrations to make room for.")
    var expected = false

    @Option(help: "Times to run; the median counts.")
    var repetitions = 5

    @Option(help: "Where to make the stores: a directory on the disk to measure. They are removed again.")
    var directory = "."

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard limit >= 0, producers > 0, batch > 0, repetitions > 0 else {
            throw ValidationError("Counts must be positive.")
        }
    }

    func run() throws {
        let input = try PreparedTrace(
            path: trace, limit: limit == 0 ? Int.max : limit, batchSize: batch, randomIdentities: identities == .random)
        var configuration = EngineConfiguration()
        configuration.durability = durability
        configuration.shardCount = shards
        if expected { configuration.expectedRegistrations = input.attempts }
        let run = IngestRun(input: input, configuration: configuration, producers: producers, directory: directory)
        let results = try (0..<repetitions).map { _ in try run.measure().figures }
        try report.write(
            BenchmarkReport(
                command: "ingest",
                settings: [
                    "trace": trace, "attempts": "\(input.attempts)", "identities": identities.rawValue,
                    "producers": "\(producers)", "batch": "\(batch)", "shards": "\(shards)",
                    "durability": durability.rawValue, "expected": "\(expected)",
                ],
                metrics: IngestRun.metrics, cases: [BenchmarkReport.Case(settings: [:], repetitions: results)]))
    }
}

extension Durability: ExpressibleByArgument {}
