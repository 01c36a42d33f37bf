import ArgumentParser
import Spillway

/// `spillway-bench ingest`: closed loop, as fast as it goes.
struct Ingest: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How many attempts a second the engine answers, from batches that lie ready in memory.",
        discussion: """
            Each repetition ingests the same batches into a new store. The clock runs from the first batch to the \
            last acknowledgement; making the batches and closing the store are outside it. Options that take lists are \
            swept: every combination is a case, and all cases take turns.

            What the machine allows is measured before each repetition: durable appends of 4 MiB, and random inserts. \
            Each case says how near it came to them.

            Stages' times are processor time, read at the end of each stage of a batch, a row group or an epoch. Locks \
            and hand-offs are all that the engine's threads and calls do between stages: taking locks and room, waking \
            others, falling asleep; reading the clock is in it. The benchmark is what its own threads do between calls.

            EXAMPLES
              spillway-bench ingest
              spillway-bench ingest --limit 70000000 --repetitions 3
              spillway-bench ingest --identities e164,random --durability synced,written
              spillway-bench ingest --queries 0,1,1000 --producers 1
              spillway-bench ingest --producers 1,2 --batch 1000,16384 --shards 1,16 --output sweep.json
            """)

    @OptionGroup var trace: TraceOptions

    @Option(
        help: ArgumentHelp("What identities look like: e164 (as the trace has them), random.", valueName: "list"))
    var identities: OptionList<IdentityKind> = [.e164]

    @Option(help: ArgumentHelp("Threads that hand over batches.", valueName: "list"))
    var producers: OptionList<Int> = [Process.processorCount]

    @Option(help: ArgumentHelp("Attempts in a batch.", valueName: "list"))
    var batch: OptionList<Int> = [16_384]

    @Option(help: ArgumentHelp("Locks that the identity space is divided among.", valueName: "list"))
    var shards: OptionList<Int> = [EngineConfiguration().shardCount]

    @Option(help: ArgumentHelp("What an acknowledgement promises: synced, written, memory.", valueName: "list"))
    var durability: OptionList<Durability> = [.synced]

    @Option(
        help: ArgumentHelp(
            """
            Times a second that one more thread takes a snapshot and counts it by region and minute, or as often as it can: \
            0 for none.
            """, valueName: "list"))
    var queries: OptionList<Int> = [0]

    @Flag(help: "Tell the engine how many registrations to make room for.")
    var expected = false

    @Flag(inversion: .prefixedNo, help: "Measure what the machine allows, too.")
    var limits = true

    @Flag(
        inversion: .prefixedNo,
        help: "Measure what each stage takes, too. Costs some microseconds a batch: leave it out for very small ones.")
    var stages = true

    @OptionGroup var plan: RunOptions
    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard producers.values.allSatisfy({ (1...256).contains($0) }) else {
            throw ValidationError("give 1 to 256 --producers")
        }
        guard batch.values.allSatisfy({ (1...4_194_304).contains($0) }) else {
            throw ValidationError("give a --batch of 1 to 4194304 attempts")
        }
        guard shards.values.allSatisfy({ (1...256).contains($0) && $0 & ($0 - 1) == 0 }) else {
            throw ValidationError("give powers of two from 1 to 256 as --shards")
        }
        guard queries.values.allSatisfy({ (0...1_000_000).contains($0) }) else {
            throw ValidationError("give 0 to 1000000 --queries")
        }
    }

    func run() throws {
        let sweep = cases
        var inputs: [InputKey: PreparedTrace] = [:]
        for part in sweep where inputs[part.input] == nil {
            inputs[part.input] = try PreparedTrace(
                path: trace.trace, limit: trace.effectiveLimit, batchSize: part.input.batch,
                identities: part.input.identities)
        }
        guard let attempts = inputs.values.first?.attempts else { return }
        let runs = try sweep.map { part -> IngestRun in
            guard let input = inputs[part.input] else { throw BenchmarkError.failed("a case has no input") }
            return part.run(of: input, expected: expected, stages: stages, directory: plan.directory)
        }
        let meter = limits ? try LimitsMeter(directory: plan.directory) : nil
        let figures = try plan.rounds("ingest", unitsPerRun: attempts).run(cases: runs.count) { index in
            let limits = try meter?.measure(threads: Process.processorCount)
            return IngestFigures(
                result: try runs[index].measure(), processors: Process.processorCount, limits: limits,
                durability: sweep[index].durability
            ).values
        }
        try report.write(makeReport(sweep, figures, attempts: attempts))
    }

    private func makeReport(
        _ sweep: [IngestCase], _ figures: [[[String: Double]]], attempts: Int
    ) -> BenchmarkReport {
        let varying = IngestCase.varyingSettings(of: sweep)
        let common = (sweep.first?.settings ?? [:]).filter { !varying.contains($0.key) }
        let own = ["trace": trace.trace, "attempts": "\(attempts)", "expected": "\(expected)", "stages": "\(stages)"]
        return BenchmarkReport(
            command: "ingest", settings: common.merging(own) { $1 }.merging(plan.settings) { $1 },
            metrics: IngestFigures.metrics,
            cases: zip(sweep, figures).map { part, repetitions in
                BenchmarkReport.Case(
                    settings: part.settings.filter { varying.contains($0.key) }, repetitions: repetitions,
                    note: IngestFigures.nearestLimit(repetitions))
            })
    }

    /// Every combination.
    private var cases: [IngestCase] {
        identities.values.flatMap { identities in
            batch.values.flatMap { batch in
                producers.values.flatMap { producers in
                    shards.values.flatMap { shards in
                        durability.values.flatMap { durability in
                            queries.values.map { queries in
                                IngestCase(
                                    input: InputKey(identities: identities, batch: batch), producers: producers,
                                    shards: shards, durability: durability, queries: queries)
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What batches are made by.
private struct InputKey: Hashable {
    var identities: IdentityKind
    var batch: Int
}

private struct IngestCase {
    var input: InputKey
    var producers: Int
    var shards: Int
    var durability: Durability
    /// A second, at most.
    var queries: Int

    /// By the option's name.
    var settings: [String: String] {
        [
            "identities": input.identities.rawValue, "batch": "\(input.batch)", "producers": "\(producers)",
            "shards": "\(shards)", "durability": durability.rawValue, "queries": "\(queries)",
        ]
    }

    /// The names of those that differ between cases.
    static func varyingSettings(of cases: [IngestCase]) -> Set<String> {
        guard let first = cases.first?.settings else { return [] }
        return Set(first.keys.filter { key in cases.contains { $0.settings[key] != first[key] } })
    }

    func run(of input: PreparedTrace, expected: Bool, stages: Bool, directory: String) -> IngestRun {
        var configuration = EngineConfiguration()
        configuration.durability = durability
        configuration.shardCount = shards
        configuration.measuresStages = stages
        if expected { configuration.expectedRegistrations = input.attempts }
        return IngestRun(
            input: input, configuration: configuration, producers: producers, directory: directory,
            queriesPerSecond: queries)
    }
}

extension Durability: ExpressibleByArgument {}
extension IdentityKind: ExpressibleByArgument {}
