/// How far a query is.
public struct QueryProgress: Hashable, Sendable {
    /// Rows that have been read or are being read.
    public var rowsRead: Int
    /// Rows that are to be read, as far as is known. Grows where an answer takes going through rows more than once; 0
    /// where rollups know it.
    public var rowsToRead: Int

    /// Called by the threads that read, before each row group; false ends the query with ``QueryError/cancelled``.
    public typealias Handler = @Sendable (QueryProgress) -> Bool
}
