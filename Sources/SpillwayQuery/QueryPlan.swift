import SpillwayModel
import SpillwayStore

/// A query whose values were checked, in the form that a scan goes by.
struct QueryPlan: Sendable {
    let groupBy: [QueryColumn]
    /// Allowed values of the columns that filter, spelt as they are stored.
    let filters: [QueryColumn: Set<String>]
    /// Microseconds since 1970 that count.
    let times: ClosedRange<Int64>
    /// What counts of columns of integers, times included; none for a column of which all counts.
    let ranges: [RangeFilter]
    let every: QueryInterval?
    let percentiles: [Double]

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
        ranges = Self.ranges(of: query, times)
        every = query.every
        percentiles = query.percentiles
    }

    private static func ranges(of query: Query, _ times: ClosedRange<Int64>) -> [RangeFilter] {
        var ranges: [RangeFilter] = []
        if query.since != nil || query.until != nil {
            ranges.append(RangeFilter(.registeredAt, from: times.lowerBound, to: times.upperBound))
        }
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
