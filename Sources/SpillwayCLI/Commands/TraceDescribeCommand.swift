import SpillwayConsole
import ArgumentParser
import SpillwayModel
import SpillwayPlatform
import SpillwayTrace
import Synchronization

struct TraceDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Say what a trace holds: totals, peak rate, shares by region, retries.",
        discussion: """
            EXAMPLES
              spillway trace describe traces/telegram-2021-10-04.yaml
              spillway trace describe norm.parquet --format json
            """)

    @Argument(help: "The scenario or recording.", completion: .file())
    var trace: String

    @OptionGroup var recipe: RecipeOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let trace = try openTrace(trace, seed: recipe.seed, scale: recipe.scale)
        let bar = ProgressBar(trace.name)
        defer { bar.finish() }
        let description = try TraceDescription(
            describing: WatchedTrace(trace, bar: bar), threads: Process.processorCount)
        bar.finish()
        try output.print(
            table: Self.table(description, name: trace.name), json: Self.json(description, name: trace.name))
    }

    private static func json(_ description: TraceDescription, name: String) -> JSON {
        let regions = Region.allCases.map { region in
            JSON.Member(key: region.rawValue, value: .integer(description.regions[region] ?? 0))
        }
        return [
            "trace": .string(name), "attempts": .integer(description.attempts),
            "registrations": .integer(description.registrations), "retries": .integer(description.retries),
            "invalid": .integer(description.invalid), "peakPerSecond": .integer(description.peakPerSecond),
            "peakPerMinute": .integer(description.peakPerMinute),
            "firstArrival": description.first.map { .string($0.rfc3339) } ?? .null,
            "lastArrival": description.last.map { .string($0.rfc3339) } ?? .null,
            "regions": .object(regions),
        ]
    }

    private static func table(_ description: TraceDescription, name: String) -> String {
        var regions = RegionTable()
        for region in Region.allCases {
            regions.append(region, registrations: description.regions[region] ?? 0)
        }
        var facts = [
            ("Trace", name),
            (
                "Attempts",
                "\(Figures.grouped(description.attempts)), of which retries "
                    + "\(Figures.grouped(description.retries)), \(Figures.percent(description.retries, of: description.attempts))"
            ),
        ]
        if description.invalid > 0 {
            facts.append(("Invalid", "\(Figures.grouped(description.invalid)) that no engine takes"))
        }
        if let first = description.first, let last = description.last {
            facts.append(("Time", "\(first.rfc3339) to \(last.rfc3339)"))
        }
        facts.append(
            (
                "Peak",
                "\(Figures.grouped(description.peakPerSecond)) attempts in a second, "
                    + "\(Figures.grouped(description.peakPerMinute)) in a minute"
            ))
        return "\(regions.rendered())\n\(Facts.rendered(facts))"
    }
}

/// A trace whose reading is followed by a progress bar.
private final class WatchedTrace: Trace {
    private let trace: any Trace
    private let bar: ProgressBar
    private let attempts = Atomic<Int>(0)

    init(_ trace: any Trace, bar: ProgressBar) {
        self.trace = trace
        self.bar = bar
    }

    var name: String { trace.name }
    var fingerprint: UInt64 { trace.fingerprint }
    var sliceCount: Int { trace.sliceCount }
    var expectedAttempts: Int { trace.expectedAttempts }
    var registrationsByRegion: [Region: Int]? { trace.registrationsByRegion }

    func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        try trace.readSlice(index, into: &slice)
        let done = attempts.add(slice.count, ordering: .relaxed).newValue
        bar.update(done: done, of: expectedAttempts, shares: [])
    }
}
