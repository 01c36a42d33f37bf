import SpillwayModel

/// A question about how many registrations a store holds.
///
/// ```swift
/// var query = Query()
/// query.groupBy = [.region]
/// query.every = .hours(1)
/// query.since = Timestamp(year: 2021, month: 10, day: 4)
/// let result = try query.run(onStoreAt: "signups")
/// for row in result.rows { … }
/// ```
public struct Query: Hashable, Sendable {
    /// Columns whose values make groups, in the order in which rows are sorted. None: one group.
    public var groupBy: [QueryColumn] = []

    /// Divides each group by the time of registration.
    public var every: QueryInterval?
    /// Where clocks show the hours and days that ``every`` divides time by: a name of the IANA time zone database such
    /// as `Europe/Berlin`, or a region's name for its ``SpillwayModel/Region/timeZone``; UTC if nil. A day has 23 or 25
    /// hours where clocks are changed.
    public var timeZone: String?

    /// The first time of registration that counts.
    public var since: Timestamp?
    /// The first that no longer does.
    public var until: Timestamp?

    /// For each column that is here, the values that count; a registration counts if all columns' values do.
    public var filters: [QueryColumn: Set<String>] = [:]

    /// The latencies that count, in microseconds; all if nil. A range without any latency there is counts none.
    public var latencyUs: ClosedRange<Int>?

    /// The identities that count, in order of their 64 bits as a number without a sign; all if nil.
    public var identities: ClosedRange<Identity>?

    /// Latency percentiles to find for each group, within 0 < p ≤ 100, by nearest rank: the smallest latency that at
    /// least p percent of the group's registrations do not exceed. Exact.
    public var percentiles: [Double] = []

    /// What else to find of each group.
    public var measures: Set<QueryMeasure> = []

    public init() {}
}

/// A column that groups and filters go by.
public enum QueryColumn: String, CaseIterable, Sendable, Hashable {
    case region, country, platform, source
}

/// The width of the buckets that time is divided into, beginning at 1970-01-01T00:00:00 by the clock.
public struct QueryInterval: Hashable, Sendable {
    /// At least a second.
    package let microseconds: Int64

    /// - Precondition: positive.
    public static func seconds(_ count: Int) -> QueryInterval { QueryInterval(count, seconds: 1) }
    /// - Precondition: positive.
    public static func minutes(_ count: Int) -> QueryInterval { QueryInterval(count, seconds: 60) }
    /// - Precondition: positive.
    public static func hours(_ count: Int) -> QueryInterval { QueryInterval(count, seconds: 3600) }
    /// - Precondition: positive.
    public static func days(_ count: Int) -> QueryInterval { QueryInterval(count, seconds: 86_400) }

    /// The longest: a bucket of it holds every time there is.
    private static let maximumSeconds = 1 << 40

    private init(_ count: Int, seconds: Int) {
        precondition(count > 0, "an interval is positive")
        let (total, overflow) = count.multipliedReportingOverflow(by: seconds)
        microseconds = Int64(overflow ? Self.maximumSeconds : min(total, Self.maximumSeconds)) * 1_000_000
    }
}
