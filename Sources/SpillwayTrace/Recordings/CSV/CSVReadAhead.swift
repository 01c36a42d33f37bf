internal import SpillwayPlatform

/// The text of a file from its beginning, a chunk at a time: while one is looked at, a thread reads the next, and
/// decompresses it.
final class CSVReadAhead: Sendable {
    private struct State {
        /// Read, and not yet taken.
        var chunk: [UInt8]?
        /// A chunk that was taken, whose memory is used again.
        var spare: [UInt8] = []
        var failure: TraceError?
        var isClosed = false
        var isFinished = false
    }
    private let state = Monitor(State())
    let chunkBytes: Int

    /// Begins to read. ``close()`` ends it.
    init(_ source: CSVRecordingSource, chunkBytes: Int) {
        self.chunkBytes = chunkBytes
        // It is let go of: `isFinished` says when it has ended.
        _ = WorkerThread { [self] in
            read(source)
            state.withLock(notify: true) { $0.isFinished = true }
        }
    }

    /// Waits for the thread to end.
    func close() {
        state.withLock(notify: true) { $0.isClosed = true }
        state.wait(until: \.isFinished) { _ in }
    }

    private func read(_ source: CSVRecordingSource) {
        var offset: UInt64 = 0
        while true {
            var chunk: [UInt8] = state.withLock { state in
                defer { state.spare = [] }
                return state.spare
            }
            do throws(TraceError) {
                try source.read(chunkBytes, at: offset, into: &chunk)
            } catch {
                state.withLock(notify: true) { $0.failure = error }
                return
            }
            offset += UInt64(chunk.count)
            let isLast = chunk.count < chunkBytes
            let isClosed = state.wait(until: { $0.chunk == nil || $0.isClosed }, notify: true) { state in
                state.chunk = chunk
                return state.isClosed
            }
            if isLast || isClosed { return }
        }
    }

    /// Appends the next chunk; false if it was the last. Call no more then.
    func append(to bytes: inout [UInt8]) throws(TraceError) -> Bool {
        let (next, failure) = state.wait(until: { $0.chunk != nil || $0.failure != nil }, notify: true) { state in
            defer { state.chunk = nil }
            return (state.chunk, state.failure)
        }
        guard let chunk = next else {
            if let failure { throw failure }
            return false
        }
        bytes += chunk
        state.withLock { $0.spare = chunk }
        return chunk.count == chunkBytes
    }
}
