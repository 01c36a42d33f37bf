import SpillwayModel

/// What a ``Query`` found.
public struct QueryResult: Sendable {
    /// One for each group that has a registration, or an attempt if these are asked for, in order of the group's values,
    /// then of time. A query that neither groups nor divides time has one row always.
    public var rows: [QueryRow]
    /// What was read to find it.
    public var reading = QueryReading()

    /// Registrations in all rows.
    public var registrations: Int { rows.reduce(0) { $0 + $1.registrations } }
}

/// One group.
public struct QueryRow: Hashable, Sendable {
    /// The columns that the query groups by: ``Query/groupBy``, each once.
    public var columns: [QueryColumn]
    /// The group's value of each of them.
    public var values: [String]
    /// Where its time bucket begins; nil unless the query divides time.
    public var registeredAt: Timestamp?
    public var registrations: Int
    /// In microseconds, as the query's ``Query/percentiles`` has them; empty for a group without registrations.
    public var latencyUs: [Int] = []
    /// Empty unless the query asks for measures, so that rows of counts are small.
    var measured: [MeasuredValues] = []

    /// The group's value of a column; nil if the query does not group by it.
    public subscript(_ column: QueryColumn) -> String? {
        columns.firstIndex(of: column).map { values[$0] }
    }

    /// Nil if the query does not group by region.
    public var region: Region? { self[.region].flatMap(Region.init(rawValue:)) }
    /// Nil if the query does not group by country.
    public var country: Country? { self[.country].flatMap { Country($0) } }
    /// Nil if the query does not group by platform.
    public var platform: String? { self[.platform] }
    /// Nil if the query does not group by source.
    public var source: String? { self[.source] }
}
