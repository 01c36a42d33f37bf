import ArgumentParser
import Spillway

/// What `latency` and `knee` send, and how.
struct OpenLoopOptions: ParsableArguments {
    @Option(help: "The trace to take attempts from.")
    var trace = "traces/telegram-2021-10-04.yaml"

    @Option(help: "Attempts in a batch.")
    var batch = 1000

    @Option(
        help:
            "When batches come: \(Arrivals.allCases.map(\.rawValue).joined(separator: ", ")); the last as in the trace, but at the rate."
    )
    var arrivals = Arrivals.poisson

    @Option(help: "Threads that send.")
    var senders = 1

    @Option(help: "Seconds before those that count.")
    var warmup = 1.0

    @Option(help: "Times to measure.")
    var repetitions = 5

    @Option(help: "What an acknowledgement promises: synced, written, memory.")
    var durability = Durability.synced

    @Flag(help: "Tell the engine how many registrations to make room for: the index then never grows.")
    var expected = false

    @Option(help: "Where to make the stores: a directory on the disk to measure. They are removed again.")
    var directory = "."

    func validate() throws {
        guard batch > 0, senders > 0, repetitions > 0, warmup >= 0, warmup.isFinite else {
            throw ValidationError("Counts must be positive, and the warm-up no less than 0.")
        }
        try ScratchDirectory.validate(directory)
    }

    /// Attempts for so many seconds, from the trace's busiest part on.
    func prepare(duration: Seconds, rate: Double) throws -> PreparedTrace {
        let limit = Int(min(1e12, (warmup + duration.value) * rate)) + batch
        let input = try PreparedTrace(path: trace, limit: limit, batchSize: batch, identities: .e164)
        guard input.attempts + batch >= limit else {
            throw ValidationError(
                "\(limit) attempts are needed, and there are \(input.attempts) from the trace's busiest part on: "
                    + "give a lower rate or a shorter duration.")
        }
        return input
    }

    /// Sends as many batches as come in the seconds of warm-up and those that count.
    func run(_ input: PreparedTrace, duration: Seconds, rate: Double, seed: UInt64) throws -> OpenLoopResult {
        let count = max(1, Int((warmup + duration.value) * rate) / batch)
        let batches = input.batches[..<min(count, input.batches.count)]
        var configuration = EngineConfiguration()
        configuration.durability = durability
        if expected { configuration.expectedRegistrations = count * batch }
        let loop = OpenLoop(
            configuration: configuration, directory: directory, senders: senders, warmupNs: Int64(warmup * 1e9))
        return try loop.run(batches, at: ArrivalSchedule(arrivals, of: batches, rate: rate, seed: seed))
    }

    var settings: [String: String] {
        [
            "trace": trace, "batch": "\(batch)", "arrivals": arrivals.rawValue, "senders": "\(senders)",
            "warmup": "\(warmup)", "durability": durability.rawValue,
            "expected": "\(expected)",
        ]
    }
}
