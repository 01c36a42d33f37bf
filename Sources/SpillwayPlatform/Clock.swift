import Glibc

/// Time that only goes forward; for intervals.
package enum MonotonicClock {
    package static func nowUs() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }

    package static func nowNs() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    /// Returns at `deadlineNs`, at once if that has passed. Sleeps until `spinNs` before it, which no sleep is exact
    /// enough for, then spins.
    package static func wait(untilNs deadlineNs: Int64, spinNs: Int64) {
        let wakeNs = deadlineNs - spinNs
        if nowNs() < wakeNs {
            var wake = timespec(tv_sec: Int(wakeNs / 1_000_000_000), tv_nsec: Int(wakeNs % 1_000_000_000))
            while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, nil) == EINTR {}
        }
        while nowNs() < deadlineNs {}
    }

    /// Sleeps for at least `us` microseconds.
    package static func sleep(us: Int64) {
        let deadlineUs = nowUs() + us
        while true {
            let remainingUs = deadlineUs - nowUs()
            guard remainingUs > 0 else { return }
            var pause = timespec(tv_sec: Int(remainingUs / 1_000_000), tv_nsec: Int(remainingUs % 1_000_000) * 1000)
            nanosleep(&pause, nil)
        }
    }
}

/// Processor time that the calling thread has used, user and system. Unlike the other clocks it takes a system call.
package enum ThreadClock {
    package static func nowNs() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}

/// Time of day, which may jump; for records that people read.
package enum WallClock {
    /// Milliseconds since 1970.
    package static func nowMs() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}
