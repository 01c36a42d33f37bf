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
        var columns = ResultTable.keys(of: query, rows.map { ($0.values, $0.registeredAt) })
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
        columns += QueryMeasure.allCases.filter(query.measures.contains).flatMap(measured)
        return ResultTable(columns, rowCount: rows.count, bucketUs: query.every?.microseconds)
    }

    private func measured(_ measure: QueryMeasure) -> [ResultTable.Column] {
        let rows = result.rows
        switch measure {
        case .share: return [.init(key: "share", title: "Share of all", values: .shares(rows.map(\.share)))]
        case .runningTotal:
            return [.init(key: "runningTotal", title: "Running total", values: .counts(rows.map(\.runningTotal)))]
        case .firstAndLast:
            return [
                .init(key: "first", title: "First", values: .instants(rows.map(\.first))),
                .init(key: "last", title: "Last", values: .instants(rows.map(\.last))),
            ]
        case .peakSecond: return Self.peak("peakSecond", "Busiest second", rows.map(\.peakSecond))
        case .peakMinute: return Self.peak("peakMinute", "Busiest minute", rows.map(\.peakMinute))
        // See ``HistogramReport``.
        case .latencyHistogram: return []
        case .attempts: return attempts
        }
    }

    /// Of reasons for refusals, those that came up.
    private var attempts: [ResultTable.Column] {
        let counts = result.rows.map { $0.attempts ?? OutcomeCounts() }
        func column(_ key: String, _ title: String, _ values: [Int]) -> ResultTable.Column {
            ResultTable.Column(key: key, title: title, values: .counts(values), isAdditive: true)
        }
        let refusals = Refusal.Reason.allCases.filter { reason in counts.contains { $0.refused[reason] != nil } }
        return [
            column("attempts", "Attempts", counts.map(\.attempts)),
            column("duplicates", "Duplicates", counts.map(\.duplicates)),
            column("refused", "Refused", counts.map { $0.refused.values.reduce(0, +) }),
        ]
            + refusals.map { reason in
                column("refusedFor.\(reason)", "\(reason)", counts.map { $0.refused[reason] ?? 0 })
            }
    }

    private static func peak(_ key: String, _ title: String, _ peaks: [QueryPeak?]) -> [ResultTable.Column] {
        [
            .init(key: "\(key).time", title: title, values: .instants(peaks.map { $0?.time })),
            .init(key: "\(key).registrations", title: "in it", values: .counts(peaks.map { $0?.registrations })),
        ]
    }
}

extension ResultTable {
    /// What the rows of a query's result are told apart by.
    static func keys(of query: Query, _ rows: [(values: [String], time: Timestamp?)]) -> [Column] {
        var grouped: [QueryColumn] = []
        for column in query.groupBy where !grouped.contains(column) { grouped.append(column) }
        var columns = grouped.enumerated().map { index, column in
            Column(
                key: column.rawValue, title: column.rawValue.capitalizedFirst,
                values: .labels(rows.map { $0.values[index] }), isKey: true)
        }
        if query.every != nil {
            columns.append(
                Column(key: "registeredAt", title: "Time (UTC)", values: .instants(rows.map(\.time)), isKey: true))
        }
        return columns
    }
}

extension String {
    /// With its first letter in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
