/// A query's groups in the order of its result.
struct SortedGroups {
    let keys: [GroupKey]
    let registrations: [Int]
    private let plan: QueryPlan
    private let names: [String]

    init(_ counts: [GroupKey: Int], plan: QueryPlan, names: [String]) {
        var counts = counts
        if plan.groupBy.isEmpty, plan.every == nil { counts[GroupKey(values: 0, bucket: 0), default: 0] += 0 }
        // Ranks of names, so that sorting compares no strings.
        var ranks = [Int](repeating: 0, count: names.count)
        for (rank, number) in names.indices.sorted(by: { names[$0] < names[$1] }).enumerated() {
            ranks[number] = rank
        }
        let columnCount = plan.groupBy.count
        let sorted = counts.map { key, count in
            (key: key, order: key.numbers(count: columnCount).map { ranks[Int($0)] }, count: count)
        }.sorted { a, b in
            a.order == b.order ? a.key.bucket < b.key.bucket : a.order.lexicographicallyPrecedes(b.order)
        }
        keys = sorted.map(\.key)
        registrations = sorted.map(\.count)
        self.plan = plan
        self.names = names
    }

    /// - Parameter latencies: Of each group the percentiles.
    func result(_ latencies: [[Int]]) -> QueryResult {
        let rows = keys.indices.map { index in
            QueryRow(
                values: keys[index].numbers(count: plan.groupBy.count).map { names[Int($0)] },
                registeredAt: plan.every?.start(ofBucket: keys[index].bucket),
                registrations: registrations[index], latencyUs: latencies[index])
        }
        return QueryResult(rows: rows)
    }
}
