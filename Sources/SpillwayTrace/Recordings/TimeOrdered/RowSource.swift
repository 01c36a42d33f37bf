internal import SpillwayModel

/// Attempts that are read at once, in any order, and whose bounds in time are known before: a row group of one of the
/// files that a table consists of.
protocol RowSource: Sendable {
    var rowCount: Int { get }

    /// No attempt arrives before or after these; nil if there are none.
    var arrivals: ClosedRange<Timestamp>? { get }

    /// Replaces what `slice` holds by the source's attempts, in the order in which they lie there. Rows that cannot be
    /// read are left out or an error, as the recording's options say.
    func read(into slice: inout TraceSlice) throws(TraceError)
}
