import SpillwayModel
import SpillwayPlatform
import SpillwayTrace

/// Writes a trace's slices to a recording in their order, while others are being made.
final class TraceRecorder: Sendable {
    private struct State: ~Copyable {
        let writer: RecordingWriter
        /// Slices are handed out and written in ascending order.
        var nextSlice = 0
        var nextToWrite = 0
        var failure: (any Error)?

        init(writer: consuming sending RecordingWriter) { self.writer = writer }
    }

    private let trace: any Trace
    private let limit: Int
    private let state: Monitor<State>
    private let onProgress: @Sendable (Int) -> Void

    /// - Parameter onProgress: Called with the attempts that are written, one call at a time.
    init(
        _ trace: any Trace, to path: String, limit: Int, onProgress: @escaping @Sendable (Int) -> Void
    ) throws(TraceError) {
        self.trace = trace
        self.limit = limit
        self.onProgress = onProgress
        state = Monitor(State(writer: try RecordingWriter(path: path)))
    }

    /// Writes the recording; returns how many attempts it holds.
    func run(threads: Int) throws -> Int {
        try concurrentPerform(threads, threads: threads) { [self] _ in
            do {
                try work()
            } catch {
                state.withLock(notify: true) { $0.failure = $0.failure ?? error }
                throw error
            }
        }
        return try state.withLock { state in
            try state.writer.finish()
            return state.writer.attempts
        }
    }

    private func work() throws {
        var slice = TraceSlice()
        while let index = takeSlice() {
            try trace.readSlice(index, into: &slice)
            try write(slice, index)
        }
    }

    private func takeSlice() -> Int? {
        state.withLock { state in
            guard state.failure == nil, state.nextSlice < trace.sliceCount, state.writer.attempts < limit
            else { return nil }
            defer { state.nextSlice += 1 }
            return state.nextSlice
        }
    }

    /// Waits for the slices before this one.
    private func write(_ slice: TraceSlice, _ index: Int) throws {
        try state.wait(until: { $0.nextToWrite == index || $0.failure != nil }, notify: true) { state in
            guard state.failure == nil else { return }
            try state.writer.append(slice.prefix(limit - state.writer.attempts))
            state.nextToWrite += 1
            onProgress(state.writer.attempts)
        }
    }
}

extension TraceSlice {
    fileprivate func prefix(_ maximum: Int) -> TraceSlice {
        if count <= maximum { return self }
        var part = TraceSlice()
        part.batch = batch[0..<maximum]
        part.arrivedAt = Array(arrivedAt[..<maximum])
        return part
    }
}
