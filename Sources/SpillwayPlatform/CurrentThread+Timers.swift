import CSpillwayPlatform

extension CurrentThread {
    /// Has this thread's sleeps end when they are due, rather than up to 50 µs later together with others'
    /// (prctl(2), PR_SET_TIMERSLACK). What is refused changes nothing else.
    package static func sleepExactly() { _ = spillway_set_timer_slack(1) }
}
