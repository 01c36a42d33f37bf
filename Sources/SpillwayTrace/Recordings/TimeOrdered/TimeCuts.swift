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

    private let sliceRows: Double
    private let windowRows: Double

    /// - Parameters:
    ///   - sliceRows: how many rows a slice is to hold. It holds at least half as many, unless it is the last of all,
    ///     and more only where a single instant does.
    ///   - windowRows: how many rows make a window; up to one slice more.
    /// - Complexity: O(*n* log *n* + slices), where *n* is the number of sources.
    init(_ spans: [Span], sliceRows: Int, windowRows: Int) {
        self.sliceRows = Double(sliceRows)
        self.windowRows = Double(windowRows)
        let spans = spans.filter { $0.rowCount > 0 }
        guard let first = spans.map(\.times.lowerBound).min(), let last = spans.map(\.times.upperBound).max()
        else { return }
        var sweep = Sweep(start: first, end: last)
        var openSpans = 0
        for edge in Self.edges(of: spans) {
            advance(&sweep, to: edge.time)
            sweep.rowsPerUs += edge.rowsPerUs
            openSpans += edge.rowsPerUs > 0 ? 1 : -1
            guard openSpans == 0 else { continue }
            // What rounding left of the sum.
            sweep.rowsPerUs = 0
            // Nothing has to be read twice for a cut between sources.
            if sweep.sliceRows >= self.sliceRows / 2 { cut(&sweep) }
        }
        slices.append(Slice(times: sweep.start...last, window: windows.count))
        windows.append(sweep.windowStart...last)
    }

    /// Where the density of rows changes.
    private struct Edge {
        var time: Int64
        var rowsPerUs: Double
    }

    private static func edges(of spans: [Span]) -> [Edge] {
        var edges: [Edge] = []
        for span in spans {
            let rowsPerUs = Double(span.rowCount) / (distance(span.times.lowerBound, span.times.upperBound) + 1)
            edges.append(Edge(time: span.times.lowerBound, rowsPerUs: rowsPerUs))
            let (end, overflow) = span.times.upperBound.addingReportingOverflow(1)
            if !overflow { edges.append(Edge(time: end, rowsPerUs: -rowsPerUs)) }
        }
        // Ends before starts, so that spans that only meet have a cut between them.
        return edges.sorted { ($0.time, $0.rowsPerUs) < ($1.time, $1.rowsPerUs) }
    }

    private static func distance(_ start: Int64, _ end: Int64) -> Double {
        Double(UInt64(bitPattern: end &- start))
    }

    private struct Sweep {
        /// How far time has been gone through.
        var time: Int64
        /// Where the slice and the window that are not finished begin.
        var start: Int64
        var windowStart: Int64
        let end: Int64
        /// In the unfinished slice, and in the window without it.
        var sliceRows = 0.0
        var windowRows = 0.0
        var rowsPerUs = 0.0

        init(start: Int64, end: Int64) {
            time = start
            self.start = start
            windowStart = start
            self.end = end
        }
    }

    private mutating func advance(_ sweep: inout Sweep, to time: Int64) {
        while sweep.time < time {
            let rest = Self.distance(sweep.time, time)
            let wanted = max(1, ((sliceRows - sweep.sliceRows) / sweep.rowsPerUs).rounded(.up))
            if wanted < rest {
                sweep.time &+= Int64(bitPattern: UInt64(wanted))
                sweep.sliceRows += sweep.rowsPerUs * wanted
            } else {
                sweep.time = time
                sweep.sliceRows += sweep.rowsPerUs * rest
            }
            if sweep.sliceRows >= sliceRows { cut(&sweep) }
        }
    }

    /// Ends the slice before the instant that the sweep has come to.
    private mutating func cut(_ sweep: inout Sweep) {
        guard sweep.time <= sweep.end else { return }
        slices.append(Slice(times: sweep.start...(sweep.time - 1), window: windows.count))
        sweep.windowRows += sweep.sliceRows
        sweep.start = sweep.time
        sweep.sliceRows = 0
        guard sweep.windowRows >= windowRows else { return }
        windows.append(sweep.windowStart...(sweep.time - 1))
        sweep.windowStart = sweep.time
        sweep.windowRows = 0
    }
}
