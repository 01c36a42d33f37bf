import SpillwayModel
import SpillwayParquet
import SpillwayStore

/// Finds out which group each row of a source is in, reading no more columns than that takes. Used by one thread at
/// a time, for one source after the other.
final class RowScanner {
    /// The rows that count, by the number of their group in ``RowScanner/space``.
    enum Rows {
        case none
        /// How many are in each group; only where no more was asked for.
        case counted([Int])
        /// ``RowScanner/numbers`` has each row's group.
        case numbered
    }

    private let loader = ColumnLoader()
    private(set) var space = GroupSpace()
    private(set) var numbers = GroupNumbers()

    private let plan: QueryPlan
    private let names: NameTable
    private var timeStride = 0
    private var rangeCounter = RangeCounter()

    /// Of all sources so far.
    var pageCounts: PageCounts {
        var counts = loader.pageCounts
        counts += rangeCounter.pageCounts
        return counts
    }

    init(plan: QueryPlan, names: NameTable) {
        self.plan = plan
        self.names = names
    }

    /// The source's latencies in microseconds, once it was scanned; of rows that count only.
    func latencies(of source: RowSource) throws(StoreError) -> [Int32] {
        try loader.loadLatencies(of: source, where: numbers.counts(anyOf:))
        return loader.latencyUs
    }

    /// As ``latencies(of:)``, the times of registration in microseconds since 1970.
    func times(of source: RowSource) throws(StoreError) -> [Int64] {
        try loader.loadTimes(of: source, where: numbers.counts(anyOf:))
        return loader.registeredAt
    }

    /// - Parameter onlyCounts: that it is enough to know how many rows are in each group.
    func scan(_ source: RowSource, onlyCounts: Bool) throws -> Rows {
        space = GroupSpace()
        numbers.reset(count: source.rowCount)
        // Without a row, a column may have no name to number.
        guard source.rowCount > 0, let times = try source.range(of: .registeredAt),
            let ranges = try cutting(source)
        else { return .none }
        let dividesTime = !isOneBucket(times)
        if onlyCounts, !dividesTime, ranges.isEmpty, plan.columns.count == 1 {
            return try count(plan.columns[0], of: source, times)
        }
        for column in plan.columns where try !apply(column, of: source) { return .none }
        try appendBuckets(times)
        if onlyCounts, !dividesTime, ranges.count == 1, !numbers.isPerRow, space.size <= Self.maximumCountedSize {
            return .counted(try count(ranges[0], of: source))
        }
        for range in ranges { try exclude(range, of: source) }
        if dividesTime, let every = plan.every {
            try loader.loadTimes(of: source, where: numbers.counts(anyOf:))
            let start = every.start(ofBucket: every.bucket(of: Timestamp(rawValue: times.lowerBound)))
            numbers.addBuckets(
                of: loader.registeredAt, from: start.rawValue, width: every.microseconds, stride: timeStride)
        }
        return .numbered
    }

    // MARK: Columns of integers

    /// Groups whose rows are counted in an array that is made anew for each source.
    private static let maximumCountedSize = 1 << 16

    /// The ranges that leave out some of a source's rows, by its statistics; nil if they leave out all.
    private func cutting(_ source: RowSource) throws -> [RangeFilter]? {
        var ranges: [RangeFilter] = []
        for range in plan.ranges {
            guard let bounds = try source.range(of: range.column) else { return nil }
            switch range.relation(to: bounds) {
            case .none: return nil
            case .some: ranges.append(range)
            case .all: break
            }
        }
        return ranges
    }

    private func exclude(_ range: RangeFilter, of source: RowSource) throws {
        switch range.column {
        case .latencyUs:
            try loader.loadLatencies(of: source, where: numbers.counts(anyOf:))
            numbers.exclude(loader.latencyUs, outside: range)
        case .identity:
            try loader.loadIdentities(of: source, where: numbers.counts(anyOf:))
            numbers.exclude(loader.identities, outside: range)
        default:
            try loader.loadTimes(of: source, where: numbers.counts(anyOf:))
            numbers.exclude(loader.registeredAt, outside: range)
        }
    }

    /// Counts the rows of each group that are in a range, where groups come in runs.
    private func count(_ range: RangeFilter, of source: RowSource) throws -> [Int] {
        if case .rowGroup(let metadata, let file) = source {
            var counts = [Int](repeating: 0, count: space.size)
            try rangeCounter.count(range, of: metadata, file, in: numbers.runs, into: &counts)
            return counts
        }
        switch range.column {
        case .latencyUs:
            try loader.loadLatencies(of: source, where: numbers.counts(anyOf:))
            return count(loader.latencyUs, range)
        case .identity:
            try loader.loadIdentities(of: source, where: numbers.counts(anyOf:))
            return count(loader.identities, range)
        default:
            try loader.loadTimes(of: source, where: numbers.counts(anyOf:))
            return count(loader.registeredAt, range)
        }
    }

    private func count<Value: ColumnInteger>(_ values: [Value], _ range: RangeFilter) -> [Int] {
        var counts = [Int](repeating: 0, count: space.size)
        values.withUnsafeBufferPointer { values in
            for run in numbers.runs {
                let part = UnsafeBufferPointer(rebasing: values[run.rows])
                counts[run.number] += Value.count(part, from: range.first, width: range.width)
            }
        }
        return counts
    }

    // MARK: Columns of names

    /// Counts a single column, which comes in runs where rows lie in its order.
    private func count(
        _ column: QueryColumn, of source: RowSource, _ times: ClosedRange<Int64>
    ) throws -> Rows {
        var (values, counts) = try loader.histogram(of: column, in: source)
        if let allowed = plan.filters[column] {
            for (code, value) in values.enumerated() where !allowed.contains(value) { counts[code] = 0 }
        }
        if try append(column, values) == 0 { counts = [counts.reduce(0, +)] }
        try appendBuckets(times)
        return .counted(counts)
    }

    /// Filters and groups by a column; false if no row passes.
    private func apply(_ column: QueryColumn, of source: RowSource) throws -> Bool {
        let (values, areInRuns) = try loader.load(column, of: source, where: numbers.counts(anyOf:))
        let isAllowed = plan.filters[column].map { allowed in values.map(allowed.contains) }
        if let isAllowed, !isAllowed.contains(true) { return false }
        let stride = try append(column, values)
        let digits = values.indices.map { code in
            isAllowed?[code] ?? true ? code * stride : GroupSpace.excluded
        }
        if digits.contains(where: { $0 != 0 }) {
            if areInRuns { numbers.add(digits, of: loader.runs) } else { numbers.add(digits, of: loader.codes) }
        }
        return !numbers.runs.isEmpty
    }

    /// Adds a column to the groups if they go by it; returns its digit's stride, 0 if they do not.
    private func append(_ column: QueryColumn, _ values: [String]) throws(QueryError) -> Int {
        guard let position = plan.groupBy.firstIndex(of: column) else { return 0 }
        return try space.append(
            names: names.numbers(of: values), columnsAfter: plan.groupBy.count - 1 - position)
    }

    // MARK: Time

    private func isOneBucket(_ times: ClosedRange<Int64>) -> Bool {
        guard let every = plan.every else { return true }
        return every.bucket(of: Timestamp(rawValue: times.lowerBound))
            == every.bucket(of: Timestamp(rawValue: times.upperBound))
    }

    private func appendBuckets(_ times: ClosedRange<Int64>) throws(QueryError) {
        guard let every = plan.every else { return }
        let first = every.bucket(of: Timestamp(rawValue: times.lowerBound))
        let last = every.bucket(of: Timestamp(rawValue: times.upperBound))
        let (width, overflow) = times.upperBound.subtractingReportingOverflow(times.lowerBound)
        guard !overflow, width < BucketDivision.limit / 2 else { throw .tooManyGroups }
        timeStride = try space.append(bucketCount: Int(last - first) + 1, from: first)
    }
}
