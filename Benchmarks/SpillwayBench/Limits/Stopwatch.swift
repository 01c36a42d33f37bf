import SpillwayPlatform

/// Times work that several threads share.
enum Stopwatch {
    /// Seconds that `body` takes on `threads` threads at once, given each one's index; the last to end counts.
    static func seconds(threads: Int, _ body: @escaping @Sendable (Int) -> Void) throws -> Double {
        let startUs = MonotonicClock.nowUs()
        try concurrentPerform(threads, threads: threads, body)
        return Double(max(1, MonotonicClock.nowUs() - startUs)) / 1e6
    }

    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let startUs = MonotonicClock.nowUs()
        try body()
        return Double(max(1, MonotonicClock.nowUs() - startUs)) / 1e6
    }
}
