import SpillwayModel
import SpillwayPlot

/// The groups that a result's rows are of, whatever time they are about; the largest first, unless they have an order of
/// their own, and more of them than a chart has room for joined into one.
struct ResultGroups {
    struct Group {
        var name: String
        var color: SeriesColor
        /// Of the result, in their order.
        var rows: [Int]
        /// Whether it is what there was no room for.
        var isRest = false
    }

    /// Grey.
    private static let restColor = SeriesColor.category(6)

    let groups: [Group]
    /// How many groups there are, also those that are joined.
    let count: Int

    /// - Parameters:
    ///   - weights: Of each row; a group is as large as the sum of its rows.
    ///   - limit: How many groups there are at most.
    init(of table: ResultTable, weights: [Double?], limit: Int) {
        let keys = table.keys.filter(\.values.isName)
        var rows: [[String]: [Int]] = [:]
        for row in 0..<table.rowCount { rows[keys.map { $0.values.cell(row) }, default: []].append(row) }
        let sorted = rows.map { names, rows in
            (names: names, rows: rows, weight: rows.reduce(0) { $0 + (weights[$1] ?? 0) })
        }.sorted { a, b in
            a.weight == b.weight ? a.names.lexicographicallyPrecedes(b.names) : a.weight > b.weight
        }
        let isByRegion = keys.count == 1 && keys[0].key == "region"
        let shown = sorted.count > limit ? limit - 1 : sorted.count
        var largest = Array(sorted.prefix(shown))
        if keys.contains(where: \.values.isNumeric) { largest.sort { $0.rows[0] < $1.rows[0] } }
        var groups = largest.enumerated().map { rank, group in
            let region = isByRegion ? group.names.first.flatMap(Region.init) : nil
            return Group(
                name: group.names.joined(separator: " · "), color: region?.color ?? .category(rank), rows: group.rows)
        }
        let rest = sorted.dropFirst(shown)
        if !rest.isEmpty {
            groups.append(
                Group(
                    name: "\(rest.count) others", color: Self.restColor, rows: rest.flatMap(\.rows).sorted(),
                    isRest: true))
        }
        self.groups = groups
        count = sorted.count
    }
}
