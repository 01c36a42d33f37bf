import SpillwayPlatform
import SpillwayTrace

/// Reads a trace's slices in their order ahead of whoever takes them, so that no attempt is late because it had yet to be
/// generated.
final class SliceReader: Sendable {
    /// Slices that wait at once. One more is read meanwhile, and one is sent from: three are in memory.
    private static let maximumReady = 1

    private struct State {
        /// In order.
        var ready: [TraceSlice] = []
        /// Their memory is used again.
        var spare: [TraceSlice] = []
        var isOver = false
        var failure: TraceError?
    }

    private let trace: any Trace
    private let state = Monitor(State())

    init(_ trace: any Trace) { self.trace = trace }

    /// Reads until the trace ends, cannot be read on, or nobody takes slices any more.
    func run() {
        var failure: TraceError?
        var slice = TraceSlice()
        do throws(TraceError) {
            for index in 0..<trace.sliceCount {
                try trace.readSlice(index, into: &slice)
                guard put(&slice) else { return }
            }
        } catch {
            failure = error
        }
        state.withLock(notify: true) { [failure] state in
            state.failure = failure
            state.isOver = true
        }
    }

    /// Hands a slice over once there is room; false if nobody takes it.
    private func put(_ slice: inout TraceSlice) -> Bool {
        let full = slice
        let next = state.wait(until: { $0.ready.count < Self.maximumReady || $0.isOver }, notify: true) { state in
            if state.isOver { return nil as TraceSlice? }
            state.ready.append(full)
            return state.spare.popLast() ?? TraceSlice()
        }
        guard let next else { return false }
        slice = next
        return true
    }

    /// Replaces `slice` by the next one; false after the last.
    ///
    /// - Throws: ``TraceError`` if the trace cannot be read on: then all slices before were taken.
    func take(_ slice: inout TraceSlice) throws(TraceError) -> Bool {
        let used = slice
        slice = TraceSlice()
        let next = try state.wait(until: { !$0.ready.isEmpty || $0.isOver }, notify: true) {
            (state) throws(TraceError) -> TraceSlice? in
            if state.ready.isEmpty {
                if let failure = state.failure { throw failure }
                return nil
            }
            state.spare.append(used)
            return state.ready.removeFirst()
        }
        guard let next else { return false }
        slice = next
        return true
    }

    /// Nobody takes slices any more.
    func stop() {
        state.withLock(notify: true) { state in
            state.isOver = true
            state.ready = []
        }
    }
}
