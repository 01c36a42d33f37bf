import SpillwayModel

/// What the registrations of a query are held against.
public enum QueryBaseline: Sendable {
    /// The same query of a time as long that begins earlier, in the same store or another.
    case time(from: Timestamp, in: Snapshot? = nil)
    /// The same query of another store: of the same time if the query says since when, otherwise of a time as long from
    /// its own beginning on.
    case store(Snapshot)
    /// So many a day at every time of day, of the groups in the proportions that the query finds.
    case norm(registrationsPerDay: Double)
}

/// Growth of each group of a query.
public struct QueryComparison: Sendable {
    /// One for each group that has a registration in either, in order of the group's values, then of time.
    public var rows: [ComparedRow]
}

/// A group now and then.
public struct ComparedRow: Hashable, Sendable {
    /// The columns that the query groups by, each once.
    public var columns: [QueryColumn]
    /// The group's value of each of them.
    public var values: [String]
    /// Where its time bucket begins; nil unless the query divides time.
    public var registeredAt: Timestamp?
    public var registrations: Int
    /// Registrations of the baseline, a part of one too where that is a norm.
    public var baseline: Double

    /// How many more there are than in the baseline.
    public var change: Double { Double(registrations) - baseline }
    /// How many times those of the baseline there are: 1 for as many. Nil if the baseline has none.
    public var ratio: Double? { baseline > 0 ? Double(registrations) / baseline : nil }
}
