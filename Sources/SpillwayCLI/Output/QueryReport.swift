import SpillwayConsole
import SpillwayModel
import SpillwayQuery

/// A query's result, as people and scripts get it.
struct QueryReport {
    private static let barWidth = 24

    private let result: QueryResult
    private let columns: [QueryColumn]
    private let percentiles: [String]

    init(_ result: QueryResult, columns: [QueryColumn], percentiles: [String]) {
        self.result = result
        self.columns = columns
        self.percentiles = percentiles
    }

    var json: JSON {
        .array(
            result.rows.map { row in
                var members = zip(columns, row.values).map { JSON.Member(key: $0.rawValue, value: .string($1)) }
                if let time = row.registeredAt {
                    members.append(.init(key: "registeredAt", value: .string(time.rfc3339)))
                }
                members.append(.init(key: "registrations", value: .integer(row.registrations)))
                if !percentiles.isEmpty {
                    let latencies = zip(percentiles, row.latencyUs).map { JSON.Member(key: $0, value: .integer($1)) }
                    members.append(.init(key: "latencyUs", value: .object(latencies)))
                }
                return .object(members)
            })
    }

    var table: String {
        let hasTime = result.rows.contains { $0.registeredAt != nil }
        var table = Table(
            columns.map { .text($0.rawValue.capitalizedFirst) } + (hasTime ? [.text("Time (UTC)")] : [])
                + [.number("Registrations"), .number("Share"), .text("")]
                + percentiles.map { .number($0) })
        let total = result.registrations
        let largest = result.rows.reduce(1) { max($0, $1.registrations) }
        for row in result.rows {
            let latencies = row.latencyUs.map(Self.latency)
            table.append(
                row.values + (row.registeredAt.map { [Self.minute($0)] } ?? [])
                    + [
                        Figures.grouped(row.registrations), Figures.percent(row.registrations, of: total),
                        Bar.filled(Double(row.registrations) / Double(largest), width: Self.barWidth),
                    ] + (latencies.isEmpty ? percentiles.map { _ in "" } : latencies))
        }
        let keys = columns.count + (hasTime ? 1 : 0)
        if keys > 0 {
            table.setTotal(
                ["Total"] + Array(repeating: "", count: keys - 1)
                    + [Figures.grouped(total), Figures.percent(total, of: total), ""]
                    + percentiles.map { _ in "" })
        }
        return table.rendered()
    }

    /// `2021-10-04 15:40`, with seconds where there are any.
    private static func minute(_ time: Timestamp) -> String {
        let text = time.rfc3339.replacing("T", with: " ").dropLast()
        return String(text.hasSuffix(":00") ? text.dropLast(3) : text)
    }

    private static func latency(us: Int) -> String { "\(Figures.decimal(Double(us) / 1000, places: 1)) ms" }
}

extension String {
    /// With its first letter in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
