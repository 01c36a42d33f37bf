internal import SpillwayModel

/// The rows of many sources, in whatever order they lie, as attempts in order of arrival. Attempts that arrive together
/// come in the order of their sources, and within a source as they lie there.
///
/// Time is cut into slices by what is known of the sources beforehand (``TimeCuts``). Reading one reads all sources
/// whose bounds overlap it, and takes from each what arrives within the slice. What a source holds for the slices
/// that come next is kept (``WindowCache``), so that with slices read about in order each source is read once for each
/// window that it overlaps: once or twice where sources follow each other in time, as often as there are windows where
/// all of them spread over the whole of it.
///
/// - Complexity: reading all slices takes O(*n* + *w* × *r*), where *n* is the number of rows, *w* of windows, about
///   *n* / ``windowRows``, and *r* of rows in the sources that overlap a window. Memory is ``cacheBytes``, and for each
///   reader the largest source and twice the slice that it reads. A slice has more than ``sliceRows`` where an instant
///   has, or where a source's rows do not spread over its bounds: in the worst case, where every source has a few
///   rows that are far from all others, those others are one slice.
struct TimeOrderedTrace: Trace {
    let name: String
    let fingerprint: UInt64
    let expectedAttempts: Int
    let rejectedRows: RejectedRows?
    var registrationsByRegion: [Region: Int]? { nil }
    var sliceCount: Int { cuts.slices.count }

    private let sources: [any RowSource]
    /// Of each source, in microseconds since 1970; nil where it has no rows.
    private let bounds: [ClosedRange<Int64>?]
    private let cuts: TimeCuts
    private let cache: WindowCache

    /// A quarter of a million rows are 9 MiB.
    static let sliceRows = 1 << 18
    /// Two windows fit the cache: one that readers finish and the one that they begin. Where more than two are read at
    /// a time, sources may be read again for each slice.
    static let windowRows = 1 << 20
    static let cacheBytes = 96 << 20

    /// - Parameter rejectedRows: where the sources tell of rows that they leave out.
    init(name: String, fingerprint: UInt64, sources: [any RowSource], rejectedRows: RejectedRows? = nil) {
        self.init(
            name: name, fingerprint: fingerprint, sources: sources, rejectedRows: rejectedRows,
            sliceRows: Self.sliceRows, windowRows: Self.windowRows, cacheBytes: Self.cacheBytes)
    }

    init(
        name: String, fingerprint: UInt64, sources: [any RowSource], rejectedRows: RejectedRows? = nil,
        sliceRows: Int, windowRows: Int, cacheBytes: Int
    ) {
        self.name = name
        self.fingerprint = fingerprint
        self.sources = sources
        self.rejectedRows = rejectedRows
        expectedAttempts = sources.reduce(0) { $0 + $1.rowCount }
        bounds = sources.map { source in source.arrivals.map { $0.lowerBound.rawValue...$0.upperBound.rawValue } }
        let spans = zip(sources, bounds).compactMap { source, times in
            times.map { TimeCuts.Span(rowCount: source.rowCount, times: $0) }
        }
        cuts = TimeCuts(spans, sliceRows: sliceRows, windowRows: windowRows)
        cache = WindowCache(limitBytes: cacheBytes)
    }

    func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        let (times, window) = (cuts.slices[index].times, cuts.slices[index].window)
        let overlapping = sources.indices.filter { bounds[$0]?.overlaps(times) ?? false }
        var parts: [Int: TraceSlice] = [:]
        // The slice is where sources are read to until it is what was asked for.
        try cache.forEachPart(of: overlapping, in: window) { (source) throws(TraceError) in
            try read(source, into: &slice)
            return slice.attempts(arrivingIn: cuts.windows[window])
        } _: { source, part in
            parts[source] = part.attempts(arrivingIn: times)
        }
        slice.merge(overlapping.compactMap { parts[$0] }, from: times.lowerBound)
    }

    /// Reads a source as a whole.
    private func read(_ source: Int, into slice: inout TraceSlice) throws(TraceError) {
        try sources[source].read(into: &slice)
        // A row outside of the bounds would be in none of the slices.
        guard let bounds = bounds[source], slice.arrivedAt.allSatisfy({ bounds.contains($0.rawValue) }) else {
            throw .recording(
                RecordingError(
                    file: name, row: nil, column: nil,
                    problem: "holds earlier or later times than its statistics say: it is damaged"))
        }
    }
}
