/// A part of a query's time during which its buckets are numbered one way.
struct TimeSlice: Hashable, Sendable {
    var times: ClosedRange<Int64>
    /// Nil where the query does not divide time.
    var numbering: BucketNumbering?

    /// Whether there are minutes all of which count, in one bucket each.
    var hasWholeMinutes: Bool {
        MinuteSplit(times).minutes != nil && numbering?.isWholeMinutes ?? true
    }
}
