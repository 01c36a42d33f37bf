/// What was read to answer a query, and what did not have to be.
public struct QueryReading: Hashable, Sendable {
    /// Segments of the store.
    public var segments = 0
    /// Segments whose rollups counted, of the minutes that the query has whole.
    public var segmentsInRollups = 0
    /// Counts of a minute, country, platform and source that were added up.
    public var rollupCells = 0
    /// Row groups of the store.
    public var rowGroups = 0
    /// Row groups of which columns were read.
    public var rowGroupsRead = 0
    /// Row groups passed over since all their rows are before or after the query's time.
    public var rowGroupsOutsideTime = 0
    /// Row groups passed over since rollups had counted their rows.
    public var rowGroupsInRollups = 0
    /// Pages of their columns that were decoded, once for each time that they were.
    public var pagesRead = 0
    /// Pages of columns that were read otherwise, passed over since none of their rows could count.
    public var pagesPassedOver = 0
    /// Rows whose columns were read, once for each time that they were.
    public var rowsRead = 0
    /// Bytes of column chunks read from files.
    public var bytesRead = 0
    /// How long the answer took, in microseconds.
    public var elapsedUs = 0

    public init() {}
}
