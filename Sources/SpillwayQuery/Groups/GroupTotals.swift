/// Registrations of each group, gathered from rollups and scans.
struct GroupTotals: Sendable {
    /// The buckets of groups with the same values.
    private struct Series {
        var buckets: [Int64] = []
        var counts: [Int] = []
        /// Whether ``buckets`` ascend, each once.
        var isSorted = true

        mutating func append(_ bucket: Int64, _ count: Int) {
            if let last = buckets.last, last >= bucket { isSorted = false }
            buckets.append(bucket)
            counts.append(count)
        }

        mutating func sort() {
            if isSorted { return }
            var sorted = Series()
            for index in buckets.indices.sorted(by: { buckets[$0] < buckets[$1] }) {
                if sorted.buckets.last == buckets[index] {
                    sorted.counts[sorted.counts.count - 1] += counts[index]
                } else {
                    sorted.append(buckets[index], counts[index])
                }
            }
            self = sorted
        }
    }

    private var series: [UInt64: Series] = [:]
    /// How many counts there are; several may be of one group.
    private var count = 0

    var isEmpty: Bool { series.isEmpty }
    /// The values of the groups, as in ``GroupKey``.
    var values: some Collection<UInt64> { series.keys }

    mutating func append(values: UInt64, bucket: Int64, count: Int) {
        series[values, default: Series()].append(bucket, count)
        self.count += 1
    }

    mutating func append(_ counts: [GroupKey: Int]) {
        for (key, count) in counts { append(values: key.values, bucket: key.bucket, count: count) }
    }

    mutating func append(_ other: GroupTotals) {
        for (values, more) in other.series {
            for (bucket, count) in zip(more.buckets, more.counts) {
                series[values, default: Series()].append(bucket, count)
            }
        }
        count += other.count
    }

    /// Adds the buckets from a first one on that have any.
    mutating func append(values: UInt64, from first: Int64, counts: [Int]) {
        var series = self.series.removeValue(forKey: values) ?? Series()
        let before = series.buckets.count
        for (offset, count) in counts.enumerated() where count > 0 { series.append(first + Int64(offset), count) }
        count += series.buckets.count - before
        if !series.buckets.isEmpty { self.series[values] = series }
    }

    /// - Throws: ``QueryError/tooManyGroups``, if there are more than `limit`.
    mutating func check(limit: Int) throws(QueryError) {
        if count <= limit { return }
        count = 0
        for values in Array(series.keys) {
            series[values]?.sort()
            count += series[values]?.buckets.count ?? 0
        }
        if count > limit { throw .tooManyGroups }
    }

    /// Takes the buckets of a group out, ascending, each once.
    mutating func take(_ values: UInt64) -> (buckets: [Int64], counts: [Int]) {
        guard var series = series.removeValue(forKey: values) else { return ([], []) }
        series.sort()
        count -= series.buckets.count
        return (series.buckets, series.counts)
    }
}
