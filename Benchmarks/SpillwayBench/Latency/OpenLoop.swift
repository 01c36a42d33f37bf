import Foundation
import Spillway
import SpillwayPlatform
import Synchronization

/// Sends batches at the instants of a schedule, never waiting for an acknowledgement, into a new store.
struct OpenLoop {
    var configuration = EngineConfiguration()
    var directory: String
    /// Threads that send; each has another one that takes its acknowledgements.
    var senders: Int
    /// What arrives sooner than this after the start is not counted.
    var warmupNs: Int64

    func run(_ batches: ArraySlice<RegistrationBatch>, at schedule: ArrivalSchedule) throws -> OpenLoopResult {
        precondition(batches.count == schedule.startsNs.count && !batches.isEmpty)
        let store = URL(filePath: directory).appending(path: "spillway-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: store) }
        let engine = try Engine.open(at: store.path, configuration: configuration)
        let stream = ArrivalStream(
            batches: batches, schedule: schedule, startNs: MonotonicClock.nowNs() + Self.leadNs)
        let lanes = (0..<senders).map { _ in Lane(engine: engine, stream: stream) }
        // A lane's two halves run at once, so there must be a thread for each.
        try concurrentPerform(2 * senders, threads: 2 * senders) { index in
            let lane = lanes[index / 2]
            if index % 2 == 0 { lane.send() } else { try lane.collect() }
        }
        try engine.close()
        return OpenLoopResult(answered: lanes.flatMap { $0.takeAnswered() }, warmupNs: warmupNs)
    }

    /// From here to the first arrival: time for threads to start.
    private static let leadNs: Int64 = 20_000_000
}

/// Batches and their instants; each is sent by whichever sender is free first.
final class ArrivalStream: Sendable {
    private let batches: ArraySlice<RegistrationBatch>
    private let schedule: ArrivalSchedule
    private let startNs: Int64
    private let next = Atomic<Int>(0)

    init(batches: ArraySlice<RegistrationBatch>, schedule: ArrivalSchedule, startNs: Int64) {
        self.batches = batches
        self.schedule = schedule
        self.startNs = startNs
    }

    struct Arrival {
        var batch: RegistrationBatch
        /// From the start of the stream.
        var intendedNs: Int64
    }

    /// The next arrival that no sender has; nil after the last.
    func take() -> Arrival? {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < batches.count else { return nil }
        return Arrival(batch: batches[batches.startIndex + index], intendedNs: schedule.startsNs[index])
    }

    /// Waits for an instant of the stream.
    func wait(untilNs: Int64) { MonotonicClock.wait(untilNs: startNs + untilNs, spinNs: Self.spinNs) }

    /// Nanoseconds since the stream's start.
    var nowNs: Int64 { MonotonicClock.nowNs() - startNs }

    /// Linux ends a sleep up to 50 µs late by default (timer slack), and needs some time to switch threads.
    private static let spinNs: Int64 = 80_000
}
