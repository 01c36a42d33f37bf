import SpillwayPlatform
import Testing

@Suite struct MonitorTests {
    @Test func aWaiterSeesTheChangeItWaitsFor() {
        let monitor = Monitor(0)
        let thread = WorkerThread {
            for _ in 0..<1_000 { monitor.withLock(notify: true) { $0 += 1 } }
        }
        let seen = monitor.wait(until: { $0 >= 1_000 }) { $0 }
        #expect(seen == 1_000)
        thread.join()
    }

    @Test func aTimeoutEndsAWaitForNothing() {
        let monitor = Monitor(0)
        #expect(!monitor.wait(until: { $0 > 0 }, timeoutUs: 2_000))
        monitor.withLock { $0 = 1 }
        #expect(monitor.wait(until: { $0 > 0 }, timeoutUs: 2_000))
    }

    @Test func notificationWithoutALockWakes() {
        let monitor = Monitor(false)
        let thread = WorkerThread {
            monitor.withLock { $0 = true }
            monitor.notify()
        }
        monitor.wait(until: { $0 }) { _ in }
        thread.join()
    }

    @Test func aFreeLockIsNotWaitedFor() {
        let monitor = Monitor(0)
        var waited = TimeSpent()
        for _ in 0..<1_000 { monitor.withLock(waited: &waited) { $0 += 1 } }
        #expect(waited == TimeSpent() && monitor.withLock { $0 } == 1_000)
    }

    /// However late the other thread comes for the lock, at some attempt it is held for long enough.
    @Test func waitingForALockIsSeen() {
        var waited = TimeSpent()
        var holdUs: Int64 = 1_000
        while waited.elapsedUs == 0, holdUs < 8_000_000 {
            let (monitor, isHeld) = (Monitor(0), Monitor(false))
            let holdForUs = holdUs
            let holder = WorkerThread {
                monitor.withLock { value in
                    isHeld.withLock(notify: true) { $0 = true }
                    MonotonicClock.sleep(us: holdForUs)
                    value = 1
                }
            }
            isHeld.wait(until: { $0 }) { _ in }
            #expect(monitor.withLock(waited: &waited) { $0 } == 1)
            holder.join()
            holdUs *= 2
        }
        #expect(waited.count >= 1 && waited.processorNs > 0 && waited.elapsedUs > 0)
    }

    @Test func locksAreTakenOneAtATimeWhoeverMeasures() throws {
        let monitor = Monitor(0)
        try concurrentPerform(4, threads: 4) { _ in
            var waited = TimeSpent()
            for _ in 0..<5_000 { monitor.withLock(waited: &waited) { $0 += 1 } }
        }
        #expect(monitor.withLock { $0 } == 20_000)
    }
}

@Suite struct ConcurrentPerformTests {
    @Test(arguments: [1, 2, 9]) func everyIndexRunsOnce(threads: Int) throws {
        let counts = Monitor([Int](repeating: 0, count: 500))
        try concurrentPerform(500, threads: threads) { index in counts.withLock { $0[index] += 1 } }
        #expect(counts.withLock { $0.allSatisfy { $0 == 1 } })
    }

    /// Others may run on until they hear of it: how far is chance, so only one thread tells where it ended.
    @Test(arguments: [1, 2]) func anErrorEndsItAndIsThrown(threads: Int) {
        struct Failure: Error, Equatable {}
        let runs = Monitor(0)
        #expect(throws: Failure()) {
            try concurrentPerform(10_000, threads: threads) { index in
                runs.withLock { $0 += 1 }
                if index == 10 { throw Failure() }
            }
        }
        if threads == 1 { #expect(runs.withLock { $0 } == 11) }
    }
}
