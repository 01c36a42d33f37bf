import SpillwayModel

/// What a ``Query`` found.
public struct QueryResult: Hashable, Sendable {
    /// One for each group that has a registration, in order of the group's values, then of time. A query that
    /// neither groups nor divides time has one row always.
    public var rows: [QueryRow]

    /// Registrations in all rows.
    public var registrations: Int { rows.reduce(0) { $0 + $1.registrations } }
}

/// One group.
public struct QueryRow: Hashable, Sendable {
    /// The group's values, as the query's ``Query/groupBy`` has them.
    public var values: [String]
    /// Where its time bucket begins; nil unless the query divides time.
    public var registeredAt: Timestamp?
    public var registrations: Int
    /// In microseconds, as the query's ``Query/percentiles`` has them; empty for a group without registrations.
    public var latencyUs: [Int]
}
