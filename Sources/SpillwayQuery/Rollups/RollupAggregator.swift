import SpillwayModel
import SpillwayStore

/// Counts the groups of a query from rollups. Used by one thread at a time.
struct RollupAggregator {
    private let plan: QueryPlan
    private let names: NameTable
    private let memory: QueryMemory
    private(set) var totals = GroupTotals()
    private(set) var cellCount = 0
    /// Of every value of a column so far, its number in the name table; nil where the filter leaves it out.
    private var numbers: [QueryColumn: [UInt16: UInt16?]] = [:]

    init(_ plan: QueryPlan, _ names: NameTable, _ memory: QueryMemory) {
        self.plan = plan
        self.names = names
        self.memory = memory
    }

    /// Adds what a rollup counts in `minutes`, in buckets as `numbering` has them.
    mutating func add(_ rollup: Rollup, _ minutes: ClosedRange<Int64>, _ numbering: BucketNumbering?) throws(QueryError)
    {
        var series: [(values: UInt64, cells: Range<Int>)] = []
        for one in rollup.series {
            guard let values = try values(of: one.key) else { continue }
            let cells = rollup.cells(of: one, in: minutes)
            if !cells.isEmpty { series.append((values, cells)) }
        }
        series.sort { $0.values < $1.values }
        var first = 0
        while first < series.count {
            let values = series[first].values
            let end = series[first...].firstIndex { $0.values != values } ?? series.count
            count(series[first..<end].map(\.cells), of: rollup, values, numbering)
            try totals.check(limit: memory.maximumGroupCount)
            first = end
        }
    }

    /// Adds up cells of one group.
    private mutating func count(
        _ ranges: [Range<Int>], of rollup: Rollup, _ values: UInt64, _ numbering: BucketNumbering?
    ) {
        cellCount += ranges.reduce(0) { $0 + $1.count }
        guard let numbering else {
            let count = ranges.reduce(0) { $0 + rollup.sum(of: $1) }
            totals.append(values: values, bucket: 0, count: count)
            return
        }
        let first = ranges.reduce(Int32.max) { min($0, rollup.minutes[$1.lowerBound]) }
        let last = ranges.reduce(Int32.min) { max($0, rollup.minutes[$1.upperBound - 1]) }
        let firstBucket = numbering.bucket(ofMinute: first)
        let bucketCount = Int(numbering.bucket(ofMinute: last) - firstBucket) + 1
        guard bucketCount <= memory.maximumDenseSize else {
            countSparse(ranges, of: rollup, values, numbering)
            return
        }
        var counts = [Int](repeating: 0, count: bucketCount)
        let start = Int(first)
        let skip = Int(
            (Int64(first) * Minute.microseconds - numbering.start(ofBucket: firstBucket).rawValue)
                / Minute.microseconds)
        let width = Int(numbering.microseconds / Minute.microseconds)
        for range in ranges { rollup.add(range, to: &counts, minutesPerBucket: width, from: start - skip) }
        totals.append(values: values, from: firstBucket, counts: counts)
    }

    /// Where the buckets of a group are too many for an array.
    private mutating func countSparse(
        _ ranges: [Range<Int>], of rollup: Rollup, _ values: UInt64, _ numbering: BucketNumbering
    ) {
        var counts: [GroupKey: Int] = [:]
        for cell in ranges.joined() {
            let key = GroupKey(values: values, bucket: numbering.bucket(ofMinute: rollup.minutes[cell]))
            counts[key, default: 0] += Int(rollup.counts[cell])
        }
        totals.append(counts)
    }

    /// The values of a series' group; nil if a filter leaves it out.
    private mutating func values(of key: SeriesKey) throws(QueryError) -> UInt64? {
        for column in plan.filters.keys where !plan.groupBy.contains(column) {
            if try number(of: column, key) == nil { return nil }
        }
        var values: UInt64 = 0
        for column in plan.groupBy {
            guard let number = try number(of: column, key) else { return nil }
            values = values << 16 | UInt64(number)
        }
        return values
    }

    private mutating func number(of column: QueryColumn, _ key: SeriesKey) throws(QueryError) -> UInt16? {
        let code = column.code(of: key)
        if let known = numbers[column]?[code] { return known }
        let name = column.name(of: key)
        let isAllowed = plan.filters[column]?.contains(name) ?? true
        let number = isAllowed ? try names.numbers(of: [name])[0] : nil
        numbers[column, default: [:]].updateValue(number, forKey: code)
        return number
    }
}

extension BucketNumbering {
    fileprivate func bucket(ofMinute minute: Int32) -> Int64 {
        bucket(of: Timestamp(rawValue: Int64(minute) * Minute.microseconds))
    }
}

extension QueryColumn {
    fileprivate func code(of key: SeriesKey) -> UInt16 {
        switch self {
        case .region, .country: UInt16(key.country.index)
        case .platform: key.platform.code
        case .source: key.source.code
        }
    }

    fileprivate func name(of key: SeriesKey) -> String {
        switch self {
        case .region: key.country.region?.rawValue ?? ""
        case .country: key.country.code
        case .platform: key.platform.name
        case .source: key.source.name
        }
    }
}
