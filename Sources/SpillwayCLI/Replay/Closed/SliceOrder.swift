import SpillwayPlatform

/// Hands out a trace's slices to the producers, and finds where in the stream each begins: slices are made in any
/// order, but how many attempts come before one is known only when those before it are made.
final class SliceOrder: Sendable {
    private struct State {
        var nextSlice = 0
        /// The first slice whose place is not taken, and where it begins.
        var nextPlace = 0
        var attempts: UInt64 = 0
        var isStopped = false
    }
    private let state = Monitor(State())
    private let sliceCount: Int
    private let limit: UInt64

    init(sliceCount: Int, limit: UInt64) {
        self.sliceCount = sliceCount
        self.limit = limit
    }

    /// The next slice that nobody makes yet; nil if there is none to make.
    func takeSlice() -> Int? {
        state.withLock { state in
            guard !state.isStopped, state.nextSlice < sliceCount, state.attempts < limit else { return nil }
            defer { state.nextSlice += 1 }
            return state.nextSlice
        }
    }

    /// The place in the stream of a slice with `count` attempts, cut to the limit. Waits for the slices before it;
    /// nil if one of them was never made.
    func place(_ slice: Int, count: Int) -> Range<UInt64>? {
        state.wait(until: { $0.nextPlace == slice || $0.isStopped }, notify: true) { state in
            guard state.nextPlace == slice else { return nil }
            let start = state.attempts
            state.nextPlace += 1
            state.attempts = min(limit, start + UInt64(count))
            return start..<state.attempts
        }
    }

    /// No more slices are made; those that have their place are submitted still.
    func stop() {
        state.withLock(notify: true) { $0.isStopped = true }
    }
}
