import Histogram
import SpillwayEngine
import SpillwayLatency
import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport
import SpillwayTrace
import Testing

@testable import SpillwayCLI

/// Replays on schedule, on a clock that the test turns.
struct PacedReplayTests {
    private let directory = TemporaryDirectory()

    private func engine(_ name: String = "store") throws -> Engine {
        var configuration = EngineConfiguration()
        configuration.durability = .written
        return try Engine.open(at: "\(directory.path)/\(name)", configuration: configuration)
    }

    private func options(_ rhythm: Pace.Rhythm?, producers: Int = 1) -> Replay.Options {
        var options = Replay.Options()
        options.rhythm = rhythm
        options.producers = producers
        return options
    }

    @Test(arguments: [1, 3], [1, 37, 65_536])
    func everyAttemptIsAnsweredOnceAndTheFirstOfAPersonIsAccepted(senders: Int, batchSize: Int) throws {
        let trace = MadeTrace(5000, everyUs: 700, sliceRows: 333)
        let engine = try engine()
        var options = options(.traced(speedup: 10), producers: senders)
        options.batchSize = batchSize
        let replay = Replay(trace, into: engine, options: options, clock: ManualClock()) { _ in }
        let measures = try replay.run()
        try engine.close()
        #expect(measures.totals.attempts == 5000)
        #expect(measures.totals.accepted == trace.registrations)
        #expect(measures.totals.duplicates == 5000 - trace.registrations)
        #expect(measures.latency.counts.totalCount == 5000)
        let reopened = try self.engine()
        #expect(reopened.registrationCount == trace.registrations)
        #expect(reopened.recoveredPosition == .init(stream: trace.fingerprint, attempts: 5000))
        try reopened.close()
    }

    @Test func latenessIsOfTheGrainAndOfSleepsThatEndLate() throws {
        // A millisecond apart: a grain each, and nothing but the sleep is late.
        let measures = try lateness(MadeTrace(100, everyUs: 1000), oversleepNs: 40_000)
        #expect(measures.lateness.counts.totalCount == 100)
        // The first is due at once, for which nobody sleeps.
        #expect(measures.lateness.counts.min == 0)
        #expect(abs(measures.lateness.us(atPercentile: 50) - 40) < 0.1)
        #expect(abs(measures.lateness.maxUs - 40) < 0.1)
    }

    @Test func allOfAGrainAreAsLateAsItsFirst() throws {
        // 100 µs apart: three to a grain, of which the first waits 200 µs.
        let measures = try lateness(MadeTrace(300, everyUs: 100), oversleepNs: 0)
        #expect(measures.lateness.counts.totalCount == 300)
        #expect(abs(measures.lateness.us(atPercentile: 50) - 200) < 0.2)
        #expect(measures.lateness.maxUs < 200.2)
    }

    private func lateness(_ trace: MadeTrace, oversleepNs: Int64) throws -> ReplayMeasures {
        let engine = try engine()
        let measures = try Replay(
            trace, into: engine, options: options(.traced(speedup: 1)), clock: ManualClock(oversleepNs: oversleepNs)
        ) { _ in }.run()
        try engine.close()
        return measures
    }

    @Test func withoutAScheduleNothingIsLate() throws {
        let engine = try engine()
        let replay = Replay(MadeTrace(2000, everyUs: 1), into: engine, options: options(nil, producers: 2)) { _ in }
        let measures = try replay.run()
        try engine.close()
        #expect(measures.lateness.isEmpty)
        #expect(measures.totals.attempts == 2000 && measures.latency.counts.totalCount == 2000)
    }

    @Test(arguments: [nil, Pace.Rhythm.constant(perSecond: 1e6)])
    func whatWasReadBeforeAnUnreadableSliceIsAnswered(rhythm: Pace.Rhythm?) throws {
        var trace = MadeTrace(1000, everyUs: 10, sliceRows: 100)
        trace.unreadableFrom = 7
        let engine = try engine()
        let answered = Monitor(0)
        let replay = Replay(
            trace, into: engine, options: options(rhythm, producers: 2), clock: ManualClock()
        ) { totals in answered.withLock { $0 = totals.attempts } }
        #expect(throws: TraceError.self) { try replay.run() }
        try engine.close()
        let reached = answered.withLock { $0 }
        // At full speed a producer may be kept from its slice by another's failure.
        #expect(rhythm == nil ? reached % 100 == 0 && reached <= 700 : reached == 700)
        let reopened = try self.engine()
        #expect(reopened.recoveredPosition.attempts == UInt64(reached))
        try reopened.close()
    }

    @Test(arguments: [1, 3])
    func aStoppedReplaySendsWhatWasDueAndGoesOnFromThere(senders: Int) throws {
        let trace = MadeTrace(20_000, everyUs: 50, sliceRows: 400)
        var (startAt, accepted): (UInt64, Int) = (0, 0)
        // 300 ms from the first attempt of each run, 20 attempts a millisecond, in grains of five.
        for reached in [6000, 12_000, 18_000, 20_000] as [UInt64] {
            let engine = try engine("stopped")
            #expect(engine.recoveredPosition.attempts == startAt)
            var options = options(.traced(speedup: 1), producers: senders)
            options.startAt = startAt
            let clock = ManualClock(endNs: 299_999_999)
            let measures = try Replay(trace, into: engine, options: options, clock: clock) { _ in }.run()
            try engine.close()
            startAt += UInt64(measures.totals.attempts)
            accepted += measures.totals.accepted
            #expect(startAt == reached)
        }
        #expect(accepted == trace.registrations)
    }

    @Test(arguments: [1, 3])
    func atFullSpeedTooAStoppedReplayGoesOn(producers: Int) throws {
        let trace = MadeTrace(20_000, everyUs: 50, sliceRows: 400)
        var accepted = 0
        for isLast in [false, true] {
            let engine = try engine("stopped")
            var options = options(nil, producers: producers)
            options.batchSize = 20
            options.startAt = engine.recoveredPosition.attempts
            let stop = Monitor<Replay?>(nil)
            let replay = Replay(trace, into: engine, options: options) { totals in
                if totals.attempts >= 1000 { stop.withLock { $0?.stop() } }
            }
            if !isLast { stop.withLock { $0 = replay } }
            let measures = try replay.run()
            stop.withLock { $0 = nil }
            try engine.close()
            accepted += measures.totals.accepted
            let reopened = try self.engine("stopped")
            let reached = options.startAt + UInt64(measures.totals.attempts)
            #expect(reopened.recoveredPosition.attempts == reached && (isLast ? reached == 20_000 : reached >= 1000))
            try reopened.close()
        }
        #expect(accepted == trace.registrations)
    }

    @Test func aReplayThatIsStoppedBeforeItBeginsSendsNothing() throws {
        let engine = try engine()
        let replay = Replay(
            MadeTrace(10, everyUs: 1), into: engine, options: options(.traced(speedup: 1))
        ) { _ in }
        replay.stop()
        #expect(try replay.run().totals.attempts == 0)
        try engine.close()
    }

    @Test func aLongWaitEndsWhenTheReplayIsStopped() throws {
        // Two attempts, a century apart.
        let trace = MadeTrace(arrivalsUs: [0, 3_000_000_000_000_000], sliceRows: 10)
        let engine = try engine()
        let stop = Monitor<Replay?>(nil)
        let replay = Replay(trace, into: engine, options: options(.traced(speedup: 1))) { _ in
            stop.withLock { $0?.stop() }
        }
        stop.withLock { $0 = replay }
        #expect(try replay.run().totals.attempts == 1)
        try engine.close()
    }
}
