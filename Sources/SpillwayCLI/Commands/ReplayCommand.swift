import SpillwayConsole
import ArgumentParser
import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayProgram
import SpillwayStore
import SpillwayTrace

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay a trace into a store.",
        discussion: """
            A trace is a scenario (.yaml), which is generated as it is replayed, a recording (.parquet, .csv, .csv.gz, a \
            directory of Parquet files, a Delta table) or another store. The store's directory is made if it is new. An identity that the store holds already is a duplicate, so \
            replaying a trace twice adds nothing.

            EXAMPLES
              spillway replay traces/telegram-2021-10-04.yaml --store day
              spillway replay traces/norm.yaml --store calm --speed 60x
              spillway replay traces/norm.yaml --store calm --resume
              spillway replay signups.parquet --store load --rate 50k/s --repeat 3 --hlog load.hlog
              spillway replay traces/telegram-2021-10-04.yaml --store peak --speed 60x --from 2021-10-04T15:30Z
              spillway replay events.csv.gz --store events --map identity=phone,registered_at=created_at
              spillway replay traces/norm.yaml --store calm --speed 600x --report calm.html

            At a speed or rate attempts are sent when they are due, whether those before are answered or not, and \
            latencies count from when an attempt was due.

            Ctrl-C ends a replay with its summary, once all that was sent is answered; --resume goes on from there.
            """)

    enum ProgressFormat: String, CaseIterable, ExpressibleByArgument {
        case json
    }

    @Argument(help: "The scenario, recording or store.", completion: .file())
    var trace: String

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("Replay no more than so many attempts.", valueName: "n"))
    var limit: Int?

    @OptionGroup var recipe: RecipeOptions

    @OptionGroup var recording: RecordingArguments

    @OptionGroup var extent: ExtentOptions

    @OptionGroup var pace: PaceOptions

    @Option(
        help: ArgumentHelp("Locks that the identities are divided among, a power of two.", valueName: "n"))
    var shards: Int?

    @Option(
        help: ArgumentHelp(
            """
            Threads that send attempts. (default: one a processor; \(Self.pacedProducers) at a given speed or rate)
            """, valueName: "n"))
    var producers: Int?

    @Option(help: ArgumentHelp("Attempts in a batch.", valueName: "n"))
    var batch = 65_536

    @Option(
        help: """
            What an acknowledgement promises: synced survives power loss, written a crash of the process, memory \
            neither.
            """)
    var durability = Durability.synced

    @Option(
        help: ArgumentHelp(
            """
            The most memory to use, such as 2GiB; new identities that do not fit it are refused. (default: three \
            quarters of the machine's)
            """, valueName: "size"))
    var memory: ByteCount?

    @Flag(help: "Go on where an earlier replay of the same trace was cut off.")
    var resume = false

    @Option(
        help: ArgumentHelp(
            "Print a line on standard error for each commit: {\"durableAttempts\":N}.", valueName: "json"))
    var progress: ProgressFormat?

    @Option(
        help: ArgumentHelp(
            "A file for HdrHistogram's tools: acknowledgement latencies by second and region.", valueName: "file"),
        completion: .file())
    var hlog: String?

    @Option(
        help: ArgumentHelp(
            "A page with the curves by region: offered, accepted, latency, backlog. (.html)", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @OptionGroup var output: OutputOptions

    /// A batch that the engine keeps waiting is not to hold up those that are due meanwhile.
    private static let pacedProducers = 3
    /// What the program and the generation or reading of a trace take beside the engine.
    private static let traceBytes = 64 << 20
    /// What it takes more to read ahead of a schedule.
    private static let readAheadBytes = 128 << 20
    private static let leastMemory = ByteCount(bytes: 256 << 20)

    func validate() throws {
        let leastMemory = ByteCount(bytes: Self.leastMemory.bytes + traceBytes - Self.traceBytes)
        if let memory, memory.bytes < leastMemory.bytes {
            throw ValidationError("--memory is \(memory): give \(leastMemory) or more")
        }
        if let report, !report.lowercased().hasSuffix(".html") {
            throw ValidationError("--report is \(report): give a name that ends in .html")
        }
        if let limit, limit < 0 { throw ValidationError("--limit is \(limit): give 0 or more") }
        if let producers, !(1...256).contains(producers) {
            throw ValidationError("--producers is \(producers): give 1 to 256")
        }
        guard (1...4_194_304).contains(batch) else {
            throw ValidationError("--batch is \(batch): give 1 to 4194304")
        }
    }

    func run() throws {
        let trace = try openReplayedTrace()
        let latencyLog = try hlog.map { path throws(SystemError) in try LatencyLog(path: path) }
        let startedAtUs = MonotonicClock.nowUs()
        let stolenBeforeUs = Process.stolenTimeUs
        let engine = try Engine.open(at: store.store, configuration: configuration(for: trace))
        var options = try replayOptions(trace, engine)
        options.latencyLog = latencyLog
        let bar = ProgressBar(trace.name)
        defer { bar.finish() }
        let expected = max(0, min(trace.expectedAttempts, limit ?? .max) - Int(clamping: options.startAt))
        let replay = Replay(trace, into: engine, options: options) { totals in
            bar.update(
                done: totals.attempts, of: expected,
                shares: Region.allCases.map { ($0.rawValue, totals.accepted(from: $0)) })
        }
        let interruption = Monitor<Signal?>(nil)
        let (measures, stored) = try Signal.watching(
            { signal in
                interruption.withLock { $0 = signal }
                replay.stop()
            },
            while: { try run(replay, engine) })
        bar.finish()
        let signal = interruption.withLock { $0 }
        let stolenUs = stolenBeforeUs.flatMap { before in Process.stolenTimeUs.map { $0 - before } }
        let report = ReplayReport(
            trace: trace.name, measures: measures, timeline: replay.timeline, isScheduled: options.rhythm != nil,
            isInterrupted: signal != nil, seconds: Double(MonotonicClock.nowUs() - startedAtUs) / 1e6,
            bytesOnDisk: try PosixSystem().byteCount(of: store.store), storedRegistrations: stored,
            durability: durability, rejected: RejectedRowsReport(trace),
            stolenSeconds: stolenUs.map { Double($0) / 1e6 })
        if let path = self.report {
            let page = ReplayPage.html(report.page(store: store.store, pace: pace.description))
            try PosixSystem().replace(path, by: Array(page.utf8))
        }
        try report.rejected?.print()
        try output.print(table: report.table, json: report.json)
        if let signal { throw ExitStatus(endedBy: signal).code }
    }

    /// Returns how many registrations the store holds, too.
    private func run(_ replay: Replay, _ engine: Engine) throws -> (ReplayMeasures, Int) {
        let measures: ReplayMeasures
        do {
            measures = try replay.run()
        } catch let error where !(error is EngineError) {
            try engine.close()
            throw error
        }
        let stored = engine.registrationCount
        try engine.close()
        return (measures, stored)
    }

    private func openReplayedTrace() throws -> any Trace {
        try extent.applied(
            to: openTrace(trace, seed: recipe.seed, scale: recipe.scale, recording: recording.options()))
    }

    private func configuration(for trace: any Trace) -> EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.durability = durability
        if let shards { configuration.shardCount = shards }
        if let memory { configuration.memoryLimitBytes = memory.bytes - traceBytes }
        configuration.expectedRegistrations = trace.expectedRegistrations(limit: limit)
        if progress == .json {
            configuration.onCommit = { commit in
                try? Terminal.write("{\"durableAttempts\":\(commit.durableAttempts)}\n", to: .error)
            }
        }
        return configuration
    }

    private var traceBytes: Int { Self.traceBytes + (pace.rhythm == nil ? 0 : Self.readAheadBytes) }

    private func replayOptions(_ trace: any Trace, _ engine: Engine) throws -> Replay.Options {
        var options = Replay.Options()
        options.rhythm = pace.rhythm
        options.producers = producers ?? (pace.rhythm == nil ? Process.processorCount : Self.pacedProducers)
        options.batchSize = batch
        if let limit { options.limit = UInt64(limit) }
        let recovered = engine.recoveredPosition
        guard resume, recovered != .none else { return options }
        guard recovered.stream == trace.fingerprint else {
            try engine.close()
            throw UsageError(
                """
                \(store.store) was filled from another trace than \(self.trace), or with another seed, scale, window \
                or number of repetitions: resume with those, or replay without --resume
                """, status: .badInput)
        }
        options.startAt = recovered.attempts
        return options
    }
}

/// What a scenario is made into a trace with.
struct RecipeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Multiply a scenario's registrations; its shape stays. In a replay, a recording's people too.",
            valueName: "factor"))
    var scale: Double?

    @Option(help: ArgumentHelp("What a scenario's random draws start from.", valueName: "n"))
    var seed: UInt64?
}

extension Durability: ExpressibleByArgument {}
