import SpillwayModel

/// What a row has of the measures that its query asked for.
struct MeasuredValues: Hashable, Sendable {
    var share: Double?
    var runningTotal: Int?
    var times: ClosedRange<Timestamp>?
    var peakSecond: QueryPeak?
    var peakMinute: QueryPeak?
    var latencyHistogram: [LatencyBin]?
    var attempts: OutcomeCounts?
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
    /// Attempts by what became of them, as the engine counted them; nil unless asked for with
    /// ``QueryMeasure/attempts``.
    ///
    /// Those that brought no registration are tallied by region and minute, and become durable with the next
    /// registrations, or when the store is closed. One that was refused for its country is of the region "", one that was
    /// refused for its time is of none that a query can divide or bound. Those that came after the engine had begun to
    /// close are not counted.
    public var attempts: OutcomeCounts? { measured.first?.attempts }
}
