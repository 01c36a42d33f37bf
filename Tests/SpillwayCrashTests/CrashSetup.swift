import Foundation
import SpillwayTestSupport
import SpillwayTrace

/// A trace and the way in which it is replayed.
struct CrashSetup {
    let name: String
    let trace: String
    /// For replaying: what the trace is made with, and how the engine works.
    let flags: [String]
    let model: TraceModel

    private init(_ name: String, _ trace: String, seed: UInt64? = nil, scale: Double? = nil, _ flags: [String]) throws {
        self.name = name
        self.trace = trace
        let recipe = (scale.map { ["--scale", "\($0)"] } ?? []) + (seed.map { ["--seed", "\($0)"] } ?? [])
        self.flags = recipe + flags
        model = try TraceModel(openTrace(trace, seed: seed, scale: scale))
    }

    /// Where the program is optimized, traces are longer, so that there is time for a kill.
    #if DEBUG
        private static let scale = 1.0
    #else
        private static let scale = 8.0
    #endif

    /// Calm hours make journal records, a surge row groups; a store of the evening gets both in turn.
    static func all(in directory: TemporaryDirectory) throws -> [CrashSetup] {
        let morning = try directory.file("morning.yaml", morningScenario.utf8)
        let evening = try directory.file("evening.yaml", eveningScenario.utf8)
        let (recordedMorning, recordedEvening) = (directory.path("morning.csv"), directory.path("evening.parquet"))
        try record(morning, to: recordedMorning, "--scale", "\(0.15 * scale)", "--seed", "3")
        try record(evening, to: recordedEvening, "--scale", "\(scale)", "--seed", "4")
        return [
            try CrashSetup(
                "morning", morning, scale: scale,
                ["--batch", "64", "--producers", "2", "--durability", "synced"]),
            try CrashSetup(
                "paced morning", morning, seed: 1, scale: 0.5 * scale,
                ["--speed", "3000x", "--producers", "3", "--shards", "4", "--durability", "written"]),
            try CrashSetup(
                "evening", evening, seed: 2, scale: scale,
                ["--batch", "131072", "--producers", "2", "--durability", "synced"]),
            try CrashSetup(
                "recorded evening", recordedEvening,
                ["--batch", "100000", "--producers", "3", "--shards", "1", "--durability", "written"]),
            try CrashSetup(
                "recorded morning", recordedMorning,
                ["--batch", "50", "--producers", "4", "--shards", "64", "--durability", "synced"]),
        ]
    }

    private static func record(_ scenario: String, to file: String, _ flags: String...) throws {
        let run = try Program.run(["trace", "generate", scenario, "--out", file] + flags)
        try demand(run.status == 0, "the trace cannot be recorded: \(run.errors)")
    }

    /// A few at a time.
    private static let morningScenario = """
        name: morning
        start: 2024-02-29T06:00:00Z
        duration: 40m
        registrations: 24_000
        platforms: { ios: 25%, android: 75% }
        sources: { organic: 50%, invite: 50% }
        regions:
          MENA: { share: 60% }
          Asia: { share: 40% }
        arrivalJitter: 2s
        retries: { share: 10%, limit: 3, base: 4s, factor: 2, jitter: 50% }
        latency: { median: 100ms, p99: 1s }
        """

    /// Few, then many at once, then few.
    static let eveningScenario = """
        name: evening
        start: 2024-02-29T23:55:00Z
        duration: 6m
        registrations: 110_000
        norm: 600_000
        surges: [{ onset: 2024-02-29T23:58:00Z, plateau: 1m, halfLife: 10s }]
        platforms: { ios: 25%, android: 75% }
        sources: { organic: 50%, invite: 50% }
        regions:
          Europe: { share: 60% }
          Latin America: { share: 40%, countries: { BR: 60% } }
        arrivalJitter: 2s
        retries: { share: 20%, limit: 3, base: 4s, factor: 2, jitter: 50% }
        latency: { median: 100ms, p99: 1s }
        """
}
