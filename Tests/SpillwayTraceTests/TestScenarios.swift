import SpillwayModel
import SpillwayPlatform

@testable import SpillwayTrace

/// The scenarios that come with the project.
enum TestScenarios {
    static let names = [
        "norm", "telegram-2021-01", "telegram-2021-10-04", "threads-2023-07-05", "bluesky-2024-08-30",
        "mastodon-2022-11", "chatgpt-2025-03-31", "ten-times-telegram", "cowin-2021-04-28", "signal-2021-01",
        "pokemon-go-2016",
    ]

    static func path(_ name: String) -> String {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return root.joined(separator: "/") + "/traces/\(name).yaml"
    }

    static func scenario(_ name: String) throws -> Scenario { try Scenario(path: path(name)) }

    private static let traces = Monitor<[String: ScenarioTrace]>([:])

    /// As the file says; planned once, as the longest take seconds.
    static func trace(_ name: String) throws -> ScenarioTrace {
        try traces.withLock { traces in
            let trace = try traces[name] ?? ScenarioTrace(scenario(name))
            traces[name] = trace
            return trace
        }
    }

    /// A short one, many of whose clients try again.
    static let stormText = """
        name: storm
        start: 2024-02-29T23:58:00Z
        duration: 4m
        registrations: 20_000
        surges: [{ onset: 2024-03-01T00:00:00Z, plateau: 1m }]
        platforms: { ios: 25%, android: 75% }
        regions:
          Europe: { share: 60%, sources: { organic: 50%, invite: 50% } }
          Latin America: { share: 40%, countries: { BR: 100% } }
        arrivalJitter: 2s
        retries: { share: 50%, limit: 3, base: 4s, factor: 2, jitter: 50% }
        latency: { median: 100ms, p99: 1s }
        """

    static func storm(seed: UInt64 = 1, scale: Double = 1) throws -> ScenarioTrace {
        try ScenarioTrace(Scenario(yaml: stormText, file: "storm.yaml"), seed: seed, scale: scale)
    }
}

/// One attempt, for comparing.
struct Attempt: Hashable {
    var registration: Registration
    var arrivedAt: Timestamp
}

extension Trace {
    func attempts(slice index: Int) throws -> [Attempt] {
        var slice = TraceSlice()
        try readSlice(index, into: &slice)
        return slice.attempts
    }

    func allAttempts() throws -> [Attempt] {
        var slice = TraceSlice()
        return try (0..<sliceCount).flatMap { index in
            try readSlice(index, into: &slice)
            return slice.attempts
        }
    }
}

extension TraceSlice {
    var attempts: [Attempt] {
        (0..<count).map { Attempt(registration: batch[$0], arrivedAt: arrivedAt[$0]) }
    }
}
