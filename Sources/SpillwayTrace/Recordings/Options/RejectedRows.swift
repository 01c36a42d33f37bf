internal import SpillwayPlatform

/// Rows of a recording that could not be read and were left out, as its slices are read: how many, and the first of
/// them. A slice that is read again counts once.
public final class RejectedRows: Sendable {
    /// As many are kept to be shown.
    public static let maximumExamples = 20

    private struct State {
        var countBySlice: [Int: Int] = [:]
        /// The first ones by row, in order.
        var examples: [RecordingError] = []
    }
    private let state = Monitor(State())

    init() {}

    /// Of all slices read so far.
    public var count: Int { state.withLock { $0.countBySlice.values.reduce(0, +) } }

    /// The first rows of those slices: where each is, and why it was left out.
    public var examples: [RecordingError] { state.withLock { $0.examples } }

    /// Replaces what was known of a slice.
    ///
    /// - Parameter first: The slice's first bad rows in order, ``maximumExamples`` if there are more.
    func record(_ count: Int, of slice: Int, first: [RecordingError]) {
        state.withLock { state in
            guard state.countBySlice.updateValue(count, forKey: slice) == nil, count > 0 else { return }
            state.examples = Array(
                (state.examples + first).sorted { ($0.file, $0.row ?? 0) < ($1.file, $1.row ?? 0) }
                    .prefix(Self.maximumExamples))
        }
    }
}
