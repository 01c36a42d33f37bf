import SpillwayModel

/// What a row has of the measures that its query asked for.
struct MeasuredValues: Hashable, Sendable {
    var share: Double?
    var runningTotal: Int?
    var times: ClosedRange<Timestamp>?
    var peakSecond: QueryPeak?
    var peakMinute: QueryPeak?
    var latencyHistogram: [LatencyBin]?
}

extension QueryRow {
    /// Its part of the registrations in all rows, from 0 to 1; nil unless asked for with ``QueryMeasure/share``, and
    /// if there are none.
    public var share: Double? { measured.first?.share }
    /// Registrations in this row and in those of the same values before it; nil unless asked for with
    /// ``QueryMeasure/runningTotal``.
    public var runningTotal: Int? { measured.first?.runningTotal }
    /// When the first registration was made; nil unless asked for with ``QueryMeasure/firstAndLast``, and if there is
    /// none.
    public var first: Timestamp? { measured.first?.times?.lowerBound }
    /// When the last registration was made, as ``first``.
    public var last: Timestamp? { measured.first?.times?.upperBound }
    /// The busiest second; nil unless asked for with ``QueryMeasure/peakSecond``, and if there is no registration.
    public var peakSecond: QueryPeak? { measured.first?.peakSecond }
    /// The busiest minute, as ``peakSecond``. Of a minute of which the query's time has a part, that part counts.
    public var peakMinute: QueryPeak? { measured.first?.peakMinute }
    /// Latencies counted in ranges that are at most an eighth as wide as where they begin, those that hold any in
    /// order; nil unless asked for with ``QueryMeasure/latencyHistogram``.
    public var latencyHistogram: [LatencyBin]? { measured.first?.latencyHistogram }
}
