import SpillwayQuery

/// How many of each group waited how long, as people and scripts get it: a row for each doubling of the latency in which
/// there is anybody.
struct HistogramReport {
    private let result: QueryResult
    private let query: Query

    /// - Parameter result: With ``QueryMeasure/latencyHistogram``.
    init(_ result: QueryResult, of query: Query) {
        self.result = result
        self.query = query
    }

    private struct Bin {
        var row: QueryRow
        /// Whoever waited as long as this is in the next.
        var endUs: Int
        var registrations = 0
    }

    var table: ResultTable {
        let bins = result.rows.flatMap(Self.bins)
        var columns = ResultTable.keys(of: query, bins.map { ($0.row.values, $0.row.registeredAt) })
        // Time stays the last key.
        columns.insert(
            .init(key: "latencyUs.below", title: "Latency below", values: .durationsUs(bins.map(\.endUs)), isKey: true),
            at: query.every == nil ? columns.count : columns.count - 1)
        columns.append(
            .init(
                key: "registrations", title: "Registrations", values: .counts(bins.map(\.registrations)),
                isAdditive: true))
        return ResultTable(columns, rowCount: bins.count, bucketUs: query.every?.microseconds)
    }

    private static func bins(of row: QueryRow) -> [Bin] {
        var bins: [Bin] = []
        for eighth in row.latencyHistogram ?? [] {
            let start = eighth.latencyUs.lowerBound
            let endUs = start == 0 ? 1 : 1 << (Int.bitWidth - start.leadingZeroBitCount)
            if bins.last?.endUs != endUs { bins.append(Bin(row: row, endUs: endUs)) }
            bins[bins.count - 1].registrations += eighth.registrations
        }
        return bins
    }
}
