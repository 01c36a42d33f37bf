import SpillwayModel

/// A query's groups in the order of its result.
struct SortedGroups {
    private(set) var keys: [GroupKey] = []
    private(set) var registrations: [Int] = []

    /// - Parameter totals: is used up.
    init(_ totals: GroupTotals, plan: QueryPlan, names: [String]) {
        var totals = totals
        if plan.groupBy.isEmpty, plan.every == nil, totals.isEmpty { totals.append(values: 0, bucket: 0, count: 0) }
        // Ranks of names, so that sorting compares no strings.
        var ranks = [Int](repeating: 0, count: names.count)
        for (rank, number) in names.indices.sorted(by: { names[$0] < names[$1] }).enumerated() {
            ranks[number] = rank
        }
        let columnCount = plan.groupBy.count
        let order = totals.values.map { values in
            (values, GroupKey(values: values, bucket: 0).numbers(count: columnCount).map { ranks[Int($0)] })
        }.sorted { $0.1.lexicographicallyPrecedes($1.1) }
        for (values, _) in order {
            let (buckets, counts) = totals.take(values)
            keys += buckets.map { GroupKey(values: values, bucket: $0) }
            registrations += counts
        }
    }

    /// Where each group is.
    var numbers: [GroupKey: Int] { Dictionary(uniqueKeysWithValues: zip(keys, keys.indices)) }
}
