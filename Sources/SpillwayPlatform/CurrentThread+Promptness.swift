import CSpillwayPlatform
import Glibc

extension CurrentThread {
    /// Has this thread run as soon as its sleeps end, for work that is short and due at a time. Sleeps do not wait up to
    /// 50 µs for others' (PR_SET_TIMERSLACK in prctl(2)). Of threads that want a processor this one goes first: as a
    /// real-time thread where the process may have some (CAP_SYS_NICE or RLIMIT_RTPRIO, sched(7)), elsewhere as one that
    /// asks for little at a time (`sched_runtime` in sched_setattr(2), heeded from Linux 6.12 on). What is refused
    /// changes nothing else.
    package static func runPromptly() {
        _ = spillway_set_timer_slack(1)
        var parameters = sched_param()
        parameters.sched_priority = sched_get_priority_min(SCHED_RR)
        if sched_setscheduler(0, SCHED_RR, &parameters) != 0 { _ = spillway_set_time_slice(shortestSliceNs) }
    }

    /// The least that Linux takes.
    private static let shortestSliceNs: UInt64 = 100_000
}
