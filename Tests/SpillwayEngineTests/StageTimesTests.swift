import SpillwayModel
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayEngine

@Suite struct StageTimesTests {
    private let directory = TemporaryDirectory()

    private func open(
        _ system: any System, shards: Int = 4, durability: Durability = .synced, measuring: Bool = true
    ) throws -> Engine {
        var configuration = EngineConfiguration.small
        configuration.shardCount = shards
        configuration.durability = durability
        configuration.measuresStages = measuring
        return try Engine.open(at: directory.path("store"), configuration: configuration, system: system, drive: .steps)
    }

    private func batch(_ identities: Range<UInt64>) -> RegistrationBatch {
        RegistrationBatch(identities.map { registration($0) })
    }

    /// The clock goes on by one at each reading, so a stage that ends with the next reading takes 1.
    @Test func everyStageIsCountedOnce() throws {
        let engine = try open(TickingSystem())
        _ = try engine.ingestNow(batch(0..<100))
        // To the journal.
        try expect(engine, [.route: 1, .admit: 1, .judge: 1, .cut: 1, .write: 1, .sync: 1, .seal: 1, .handOff: 4])
        // Straight into a row group, with the rows that were in the journal; an encoder hands it on.
        _ = try engine.ingestNow(batch(100..<700))
        try expect(
            engine,
            [.route: 2, .admit: 2, .judge: 2, .cut: 2, .encode: 1, .write: 2, .sync: 2, .seal: 2, .handOff: 9])
        // Duplicates only: nothing to write.
        _ = try engine.ingestNow(batch(0..<100))
        try expect(
            engine,
            [.route: 3, .admit: 3, .judge: 3, .cut: 3, .encode: 1, .write: 2, .sync: 2, .seal: 3, .handOff: 13])
        try engine.close()
    }

    private func expect(
        _ engine: Engine, _ expected: [StageTimes.Stage: Int], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let times = try #require(engine.stageTimes, sourceLocation: sourceLocation)
        for stage in StageTimes.Stage.allCases {
            let ticks = expected[stage] ?? 0
            #expect(times[stage].count == ticks, "\(stage)", sourceLocation: sourceLocation)
            #expect(times[stage].processorNs == Int64(ticks), "\(stage)", sourceLocation: sourceLocation)
        }
        #expect(times.processorNs == Int64(expected.values.reduce(0, +)), sourceLocation: sourceLocation)
        #expect(
            times.handOffProcessorNs == Int64((expected[.admit] ?? 0) + (expected[.handOff] ?? 0)),
            sourceLocation: sourceLocation)
    }

    @Test func whatIsNotSyncedTakesNoTimeToSync() throws {
        let engine = try open(TickingSystem(), durability: .written)
        _ = try engine.ingestNow(batch(0..<700))
        let times = try #require(engine.stageTimes)
        #expect(times[.write].count == 1 && times[.sync] == TimeSpent())
        try engine.close()
    }

    @Test func noClockIsReadUnlessAskedFor() throws {
        let system = TickingSystem()
        let engine = try open(system, measuring: false)
        _ = try engine.ingestNow(batch(0..<700))
        try engine.close()
        #expect(engine.stageTimes == nil)
        #expect(system.threadProcessorNs() == 1)
    }

    @Test func allThreadsAddUp() throws {
        var configuration = EngineConfiguration.small
        configuration.measuresStages = true
        let engine = try Engine.open(at: directory.path("store"), configuration: configuration)
        try concurrentPerform(4, threads: 4) { producer in
            for part in 0..<25 {
                let start = UInt64((producer * 25 + part) * 200)
                _ = try engine.submit(RegistrationBatch((start..<start + 200).map { registration($0) })).wait()
            }
        }
        try engine.close()
        let times = try #require(engine.stageTimes)
        #expect(times[.route].count == 100 && times[.admit].count == 100 && times[.judge].count == 100)
        // Producers twice a batch: at its end, and when it is answered.
        #expect(times[.handOff].count >= 200)
        for stage in [StageTimes.Stage.route, .judge, .cut, .encode, .write, .sync, .seal, .handOff] {
            #expect(times[stage].processorNs > 0, "\(stage)")
        }
    }

    /// However late the other thread comes for the lock, at some attempt it is held for long enough.
    @Test func waitingForAShardIsSeen() throws {
        let engine = try open(PosixSystem(), shards: 1)
        var next: UInt64 = 0
        var holdUs: Int64 = 1_000
        while engine.stageTimes?[.lockWait].elapsedUs == 0, holdUs < 8_000_000 {
            let rows = batch(next..<next + 10)
            next += 10
            let isHeld = Monitor(false)
            let holdForUs = holdUs
            let holder = WorkerThread {
                engine.shards[0].withLock { _ in
                    isHeld.withLock(notify: true) { $0 = true }
                    MonotonicClock.sleep(us: holdForUs)
                }
            }
            isHeld.wait(until: { $0 }) { _ in }
            _ = try engine.submit(rows)
            engine.work()
            holder.join()
            holdUs *= 2
        }
        let times = try #require(engine.stageTimes)
        #expect(times[.lockWait].count >= 1 && times[.lockWait].processorNs > 0 && times[.lockWait].elapsedUs > 0)
        #expect(times[.judge].count == Int(next / 10))
        try engine.close()
    }
}

/// A thread's processor time goes on by one nanosecond at each reading.
private final class TickingSystem: ForwardingSystem {
    let base = PosixSystem()
    private let ticks = Monitor<Int64>(0)

    func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File { try base.open(path, mode) }

    func threadProcessorNs() -> Int64 {
        ticks.withLock { ticks in
            ticks += 1
            return ticks
        }
    }
}
