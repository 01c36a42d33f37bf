import SpillwayModel
import SpillwayStore

/// A query whose values were checked, in the form that a scan goes by.
struct QueryPlan: Sendable {
    let groupBy: [QueryColumn]
    /// Allowed values of the columns that filter, spelt as they are stored.
    let filters: [QueryColumn: Set<String>]
    /// Microseconds since 1970 that count.
    private(set) var times: ClosedRange<Int64>
    /// The buckets of those times, if time is divided.
    private(set) var every: BucketNumbering?
    /// What counts of other columns of integers; none for a column of which all counts.
    private let valueRanges: [RangeFilter]
    let timeZone: ZoneClock
    let percentiles: [Double]
    let measures: Set<QueryMeasure>

    init(_ query: Query) throws(QueryError) {
        let since = query.since ?? Timestamp(rawValue: .min)
        if let until = query.until, since >= until { throw .emptyTimeRange(since: since, until: until) }
        for percentile in query.percentiles where !(percentile > 0 && percentile <= 100) {
            throw .percentileOutOfRange(percentile)
        }
        var filters: [QueryColumn: Set<String>] = [:]
        for (column, values) in query.filters {
            filters[column] = try Set(values.map { (value) throws(QueryError) in try column.stored(value) })
        }
        var columns: [QueryColumn] = []
        for column in query.groupBy where !columns.contains(column) { columns.append(column) }
        groupBy = columns
        self.filters = filters
        times = since.rawValue...(query.until.map { $0.rawValue - 1 } ?? .max)
        every = query.every.map { BucketNumbering(microseconds: $0.microseconds) }
        valueRanges = Self.valueRanges(of: query)
        if query.measures.contains(.peakMinute), let every, !every.isWholeMinutes { throw .peakMinuteOfPartMinutes }
        timeZone = try ZoneClock(query.timeZone)
        percentiles = query.percentiles
        measures = query.measures
        if measures.contains(.attempts), !countsAttempts { throw .attemptsNotTallied }
    }

    private static func valueRanges(of query: Query) -> [RangeFilter] {
        var ranges: [RangeFilter] = []
        if let latencies = query.latencyUs {
            ranges.append(
                RangeFilter(.latencyUs, from: Int64(latencies.lowerBound), to: Int64(latencies.upperBound)))
        }
        if let identities = query.identities {
            ranges.append(
                RangeFilter(
                    .identity, from: Int64(bitPattern: identities.lowerBound.rawValue),
                    to: Int64(bitPattern: identities.upperBound.rawValue)))
        }
        return ranges
    }

    /// What counts of columns of integers, times included.
    var ranges: [RangeFilter] {
        [RangeFilter(.registeredAt, from: times.lowerBound, to: times.upperBound)] + valueRanges
    }

    /// Whether rollups know of every row whether it counts, and in which group: all but in which bucket of time.
    var countsFromRollups: Bool { valueRanges.isEmpty }

    /// What of the query is asked of a part of its time.
    func limited(to slice: TimeSlice) -> QueryPlan {
        var plan = self
        plan.times = slice.times
        plan.every = slice.numbering
        return plan
    }

    /// The query's buckets around the times that a store has registrations of.
    func calendar(of times: ClosedRange<Int64>) -> BucketCalendar {
        BucketCalendar(width: every?.microseconds, timeZone, around: times)
    }

    /// The parts of the query's time, in order, that may hold any of `times`.
    func slices(of times: ClosedRange<Int64>, _ calendar: BucketCalendar) -> [TimeSlice] {
        // Whole minutes, so that no part of one is left to scan where all of them count.
        let span = Minute.rounding(times)
        guard span.overlaps(self.times) else { return [] }
        return calendar.slices(of: span.clamped(to: self.times))
    }

    /// Columns of names that a scan reads: those that filter first, as they may spare the rest.
    var columns: [QueryColumn] {
        QueryColumn.allCases.filter { filters[$0] != nil } + groupBy.filter { filters[$0] == nil }
    }
}

extension QueryColumn {
    /// The value as segments hold it, from one that a person typed.
    fileprivate func stored(_ value: String) throws(QueryError) -> String {
        switch self {
        case .region:
            guard
                let region = Region.allCases.first(where: { $0.rawValue.lowercased() == value.lowercased() })
            else { throw .unknownValue(value, column: self) }
            return region.rawValue
        case .country:
            guard let country = Country(value.uppercased()) else { throw .unknownValue(value, column: self) }
            return country.code
        case .platform, .source: return value
        }
    }

    var segmentColumn: SegmentColumn {
        switch self {
        case .region: .region
        case .country: .country
        case .platform: .platform
        case .source: .source
        }
    }
}
