import ArgumentParser
import Foundation
import Spillway
import SpillwayConsole
import SpillwayPlatform

/// `spillway-bench recover`: how long a store that was killed takes to be open for writing again.
struct Recover: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How long it takes to open a store again, with all that a crash left to be recovered.",
        discussion: """
            Each repetition opens a copy of the store, so that what a crash left is found every time; the clock runs \
            until batches can be taken. The copy's bytes are in the page cache, as those of a process that was \
            killed are. Without a store, one is made: a process of its own fills it, and is killed (SIGKILL).

            EXAMPLES
              spillway-bench recover
              spillway-bench recover --make 70000000 --repetitions 3
              spillway-bench recover signups
            """)

    @Argument(
        help: "The store. It is not changed, and must not be open in an engine. (default: one is made)",
        completion: .directory)
    var store: String?

    @Option(help: ArgumentHelp("Registrations of the store to make and kill.", valueName: "n"))
    var make = 10_000_000

    @Option(help: ArgumentHelp("The trace to make it from.", valueName: "file"), completion: .file())
    var trace = "traces/telegram-2021-10-04.yaml"

    @OptionGroup var plan: RunOptions
    @OptionGroup var report: ReportOptions

    private static let metrics = [
        Metric(name: "seconds", title: "s until open", better: .lower, places: 3),
        Metric(
            name: "registrationsPerSecond", title: "million registrations/s", better: .higher, places: 2, scale: 1e6),
        Metric(name: "storedBytesPerSecond", title: "MB/s of the store", better: .higher, places: 0, scale: 1e6),
        Metric(
            name: "processorSecondsPerMillion", title: "processor s per million", better: .lower, places: 4),
        Metric(
            name: "peakEngineBytes", title: "peak memory of the engine, MiB", better: .lower, places: 0,
            scale: 1_048_576),
        Metric(name: "registrations", title: "registrations", better: .neither, places: 0),
    ]

    func validate() throws {
        guard (1...1 << 40).contains(make) else { throw ValidationError("--make is \(make): give 1 or more") }
    }

    func run() throws {
        let killed =
            store == nil ? try KilledStore(in: plan.directory, trace: trace, registrations: make) : nil
        defer { killed?.directory.remove() }
        let source = store ?? killed?.directory.path ?? ""
        let bytes = try storedBytes(source)
        let figures = try plan.rounds("recover", unitsPerRun: 1).run(cases: 1) { _ in
            try measure(source, storedBytes: bytes)
        }
        try report.write(
            BenchmarkReport(
                command: "recover",
                settings: [
                    "store": store ?? "killed, of \(Figures.grouped(make)) registrations", "bytes": "\(bytes)",
                ].merging(plan.settings) { $1 },
                metrics: Self.metrics, cases: figures.map { .init(settings: [:], repetitions: $0) }))
    }

    private func measure(_ source: String, storedBytes: Int) throws -> [String: Double] {
        let copy = try ScratchDirectory(in: plan.directory, bytes: storedBytes)
        defer { copy.remove() }
        try FileManager.default.copyItem(at: URL(filePath: source), to: URL(filePath: copy.path))
        ResidentMemory.resetPeak()
        let residentBytes = ResidentMemory.currentBytes
        let processorUs = SpillwayPlatform.Process.processorTimeUs
        let startUs = MonotonicClock.nowUs()
        let engine = try Engine.open(at: copy.path)
        let seconds = Double(max(1, MonotonicClock.nowUs() - startUs)) / 1e6
        let processorSeconds = Double(SpillwayPlatform.Process.processorTimeUs - processorUs) / 1e6
        let peakBytes = ResidentMemory.peakBytes
        let registrations = Double(engine.registrationCount)
        try engine.close()
        return [
            "seconds": seconds, "registrationsPerSecond": registrations / seconds,
            "storedBytesPerSecond": Double(storedBytes) / seconds,
            "processorSecondsPerMillion": processorSeconds * 1e6 / max(1, registrations),
            "peakEngineBytes": Double(max(0, peakBytes - residentBytes)), "registrations": registrations,
        ]
    }

    private func storedBytes(_ store: String) throws -> Int {
        guard let files = FileManager.default.enumerator(atPath: store),
            FileManager.default.fileExists(atPath: store + "/_spillway/store.json")
        else { throw StoreError.notAStore(path: store) }
        return files.reduce(0) { total, _ in
            total + ((files.fileAttributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }
}
