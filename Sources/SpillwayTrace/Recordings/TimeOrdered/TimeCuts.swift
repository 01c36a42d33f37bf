/// Where time is cut so that the rows of many sources come apart into slices of about one size.
///
/// All there is to go by are the bounds and the row count of each source, whose rows are taken to be spread evenly
/// between the bounds. Where they are not, slices come out larger or smaller. Instants are microseconds since 1970.
struct TimeCuts: Sendable {
    /// The rows of one source, as far as they are known before it is read.
    struct Span {
        var rowCount: Int
        var times: ClosedRange<Int64>
    }

    struct Slice {
        var times: ClosedRange<Int64>
        /// Index into ``TimeCuts/windows``.
        var window: Int
    }

    /// Ascending and without gaps, so that every instant between the bounds of all sources lies in one of them.
    private(set) var slices: [Slice] = []
    /// Each is the time of some consecutive slices.
    private(set) var windows: [ClosedRange<Int64>] = []

    private let sliceShare: UInt128
    private let windowShare: UInt128

    /// - Parameters:
    ///   - sliceRows: how many rows a slice is to hold. It holds at least half as many, unless it is the last of all,
    ///     and more only where a single instant does.
    ///   - windowRows: how many rows make a window; up to one slice more.
    /// - Complexity: O(*n* log *n* + slices), where *n* is the number of sources.
    init(_ spans: [Span], sliceRows: Int, windowRows: Int) {
        sliceShare = Self.share(ofRows: sliceRows)
        windowShare = Self.share(ofRows: windowRows)
        let spans = spans.filter { $0.rowCount > 0 }
        guard let first = spans.map(\.times.lowerBound).min(), let last = spans.map(\.times.upperBound).max()
        else { return }
        var sweep = Sweep(start: first, end: last)
        for edge in Self.edges(of: spans) {
            advance(&sweep, to: edge.time)
            sweep.sharePerUs = edge.isStart ? sweep.sharePerUs + edge.sharePerUs : sweep.sharePerUs - edge.sharePerUs
            // Between sources: nothing has to be read twice for a cut here.
            if sweep.sharePerUs == 0, sweep.sliceShare >= sliceShare / 2 { cut(&sweep) }
        }
        slices.append(Slice(times: sweep.start...last, window: windows.count))
        windows.append(sweep.windowStart...last)
    }

    /// Rows in units of 2⁻⁶⁴: of such a whole number falls to each microsecond of a source, at least one. So sums are
    /// exact, and nothing is left of a source that has ended.
    private static func share(ofRows rowCount: Int) -> UInt128 {
        // More are in no source that can be read, and millions of these can be added up.
        UInt128(max(1, min(rowCount, 1 << 40))) << 64
    }

    /// Where a source begins, or the instant after its last.
    private struct Edge {
        var time: Int64
        var isStart: Bool
        var sharePerUs: UInt128
    }

    private static func edges(of spans: [Span]) -> [Edge] {
        var edges: [Edge] = []
        for span in spans {
            let sharePerUs = share(ofRows: span.rowCount) / (distance(span.times.lowerBound, span.times.upperBound) + 1)
            edges.append(Edge(time: span.times.lowerBound, isStart: true, sharePerUs: sharePerUs))
            let (end, overflow) = span.times.upperBound.addingReportingOverflow(1)
            if !overflow { edges.append(Edge(time: end, isStart: false, sharePerUs: sharePerUs)) }
        }
        // Ends before starts, so that there is a cut between sources that only meet.
        return edges.sorted { $0.time == $1.time ? !$0.isStart && $1.isStart : $0.time < $1.time }
    }

    /// In microseconds.
    private static func distance(_ start: Int64, _ end: Int64) -> UInt128 {
        UInt128(UInt64(bitPattern: end &- start))
    }

    private struct Sweep {
        /// How far time has been gone through.
        var time: Int64
        /// Where the slice and the window that are not finished begin.
        var start: Int64
        var windowStart: Int64
        /// The last instant of all.
        let end: Int64
        /// In the unfinished slice, and in the window without it.
        var sliceShare: UInt128 = 0
        var windowShare: UInt128 = 0
        var sharePerUs: UInt128 = 0

        init(start: Int64, end: Int64) {
            time = start
            self.start = start
            windowStart = start
            self.end = end
        }
    }

    private func wantedUs(_ sweep: Sweep) -> UInt128? {
        guard sweep.sharePerUs > 0 else { return nil }
        return (sliceShare - sweep.sliceShare + sweep.sharePerUs - 1) / sweep.sharePerUs
    }

    private mutating func advance(_ sweep: inout Sweep, to time: Int64) {
        while sweep.time < time {
            let rest = Self.distance(sweep.time, time)
            let step = min(rest, wantedUs(sweep) ?? rest)
            sweep.time &+= Int64(truncatingIfNeeded: step)
            sweep.sliceShare += sweep.sharePerUs * step
            if sweep.sliceShare >= sliceShare { cut(&sweep) }
        }
    }

    /// Ends the slice before the instant that the sweep has come to.
    private mutating func cut(_ sweep: inout Sweep) {
        guard sweep.time <= sweep.end else { return }
        slices.append(Slice(times: sweep.start...(sweep.time - 1), window: windows.count))
        sweep.windowShare += sweep.sliceShare
        sweep.start = sweep.time
        sweep.sliceShare = 0
        guard sweep.windowShare >= windowShare else { return }
        windows.append(sweep.windowStart...(sweep.time - 1))
        sweep.windowStart = sweep.time
        sweep.windowShare = 0
    }
}
