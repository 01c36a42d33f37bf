import SpillwayQuery

/// Growth against a baseline, as people and scripts get it.
struct ComparisonReport {
    private let comparison: QueryComparison
    private let query: Query

    init(_ comparison: QueryComparison, of query: Query) {
        self.comparison = comparison
        self.query = query
    }

    var table: ResultTable {
        let rows = comparison.rows
        let columns =
            ResultTable.keys(of: query, rows.map { ($0.values, $0.registeredAt) }) + [
                .init(
                    key: "registrations", title: "Registrations", values: .counts(rows.map(\.registrations)),
                    isAdditive: true),
                .init(key: "ratio", title: "Times as many", values: .ratios(rows.map(\.ratio))),
                // A norm may be of part of a registration.
                .init(
                    key: "baseline", title: "Baseline", values: .counts(rows.map { Int($0.baseline.rounded()) }),
                    isAdditive: true),
            ]
        return ResultTable(columns, rowCount: rows.count, bucketUs: query.every?.microseconds)
    }
}
