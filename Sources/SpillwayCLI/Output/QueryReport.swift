import SpillwayModel
import SpillwayQuery

/// A query's result, as people and scripts get it.
struct QueryReport {
    private let result: QueryResult
    private let query: Query
    private let percentiles: [String]

    /// - Parameter percentiles: Names of the query's percentiles: `p99.9`.
    init(_ result: QueryResult, of query: Query, percentiles: [String]) {
        self.result = result
        self.query = query
        self.percentiles = percentiles
    }

    var table: ResultTable {
        let rows = result.rows
        var columns = query.groupBy.enumerated().map { index, column in
            ResultTable.Column(
                key: column.rawValue, title: column.rawValue.capitalizedFirst,
                values: .labels(rows.map { $0.values[index] }), isKey: true)
        }
        if query.every != nil {
            columns.append(
                ResultTable.Column(
                    key: "registeredAt", title: "Time (UTC)", values: .instants(rows.map(\.registeredAt)), isKey: true))
        }
        columns.append(
            ResultTable.Column(
                key: "registrations", title: "Registrations", values: .counts(rows.map(\.registrations)),
                isAdditive: true))
        for (index, name) in percentiles.enumerated() {
            columns.append(
                ResultTable.Column(
                    key: "latencyUs.\(name)", title: name,
                    values: .durationsUs(rows.map { $0.latencyUs.indices.contains(index) ? $0.latencyUs[index] : nil }))
            )
        }
        return ResultTable(columns, rowCount: rows.count, bucketUs: query.every?.microseconds)
    }
}

extension String {
    /// With its first letter in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
