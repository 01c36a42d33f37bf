import SpillwayConsole
import SpillwayPlot

/// The charts that show a result, by its shape: curves over time, heat maps by hour, bars by group.
struct ResultCharts {
    /// More curves could not be told apart, nor could more bars be taken in.
    private static let maximumCurves = 7
    private static let maximumBars = 30

    let table: ResultTable
    let timeline: ResultTimeline?

    /// - Throws: Where there is nothing that a chart could show, or too much.
    init(_ table: ResultTable) throws(UsageError) {
        self.table = table
        timeline = try ResultTimeline(table)
        let isGrouped = !table.keys.isEmpty
        guard isGrouped || ResultFamily.families(of: table).contains(where: { $0.columns.count > 1 }) else {
            throw UsageError("one number is no chart: give --by or --every, so that there is something to compare")
        }
    }

    /// What was asked for beside the count first.
    var charts: [any Chart] {
        ResultFamily.families(of: table).flatMap { family in
            guard let timeline else { return [bars(of: family) as any Chart] }
            let curves = curves(of: family, on: timeline)
            guard family.isAdditive, let column = family.columns.first else { return curves }
            let map = heatMap(of: column, on: timeline).map { [$0 as any Chart] } ?? []
            // Days by hours say at a glance what one long curve hides.
            return hasLabels ? curves + map : map + curves
        }
    }

    /// Whether rows are told apart by more than time.
    var hasLabels: Bool { table.keys.count > (timeline == nil ? 0 : 1) }

    /// - Parameter names: What it is by beside the groups' keys.
    func title(_ subject: String, by names: String...) -> String {
        let names = table.keys.filter(\.values.isName).map { $0.title.lowercased() } + names
        guard let last = names.last else { return subject }
        return names.count == 1
            ? "\(subject) by \(last)" : "\(subject) by \(names.dropLast().joined(separator: ", ")) and \(last)"
    }

    func groups(weighedBy column: ResultTable.Column, limit: Int) -> ResultGroups {
        let counted = table.measures.first(where: \.isAdditive) ?? column
        let weights = counted.values.quantities ?? []
        return ResultGroups(of: table, weights: weights, limit: limit)
    }

    private func bars(of family: ResultFamily) -> BarChart {
        let all = groups(weighedBy: family.columns[0], limit: Self.maximumBars + 1)
        // All that is left together would be longer than what is to be compared.
        let groups = all.groups.filter { !$0.isRest }
        let isSingle = family.columns.count == 1
        let total = family.columns[0].total
        let notes = [
            total.map { "\(Figures.grouped($0)) in all" },
            groups.count < all.count ? "the \(groups.count) largest of \(Figures.grouped(all.count)) groups" : nil,
        ]
        let isByRegion = table.keys.first?.key == "region" && table.keys.count == 1
        return BarChart(
            title: title(family.title), subtitle: notes.compactMap(\.self).joined(separator: "; "), unit: family.unit,
            total: total.map(Double.init),
            groups: groups.map { group in
                BarChart.Group(
                    group.name.isEmpty ? "all" : group.name,
                    bars: family.columns.enumerated().map { index, column in
                        // Colours tell columns apart where there are several, else they say nothing but the region.
                        let color = isSingle ? (isByRegion ? group.color : .category(0)) : .category(index)
                        return BarChart.Bar(
                            isSingle ? "" : column.title, color: color, value: Self.sum(of: column, in: group.rows))
                    })
            })
    }

    /// NaN if no row has a value.
    private static func sum(of column: ResultTable.Column, in rows: [Int]) -> Double {
        let values = column.values.quantities ?? []
        return rows.compactMap { values[$0] }.reduce(nil) { ($0 ?? 0) + $1 } ?? .nan
    }

    private func curves(of family: ResultFamily, on timeline: ResultTimeline) -> [any Chart] {
        guard hasLabels else {
            let series = family.columns.enumerated().map { index, column in
                TimeChart.Series(
                    family.columns.count == 1 ? family.title : column.title, color: .category(index),
                    values: timeline.values(of: column, in: Array(0..<table.rowCount)))
            }
            return [curve(family.title, family, series, on: timeline)]
        }
        return family.columns.map { column in
            let series = groups(weighedBy: column, limit: Self.maximumCurves).groups
                .filter { family.isAdditive || !$0.isRest }
                .map { TimeChart.Series($0.name, color: $0.color, values: timeline.values(of: column, in: $0.rows)) }
            let subject = family.columns.count == 1 ? family.title : "\(family.title) \(column.title)"
            return curve(subject, family, series, on: timeline)
        }
    }

    private func curve(
        _ subject: String, _ family: ResultFamily, _ series: [TimeChart.Series], on timeline: ResultTimeline
    ) -> TimeChart {
        let form: TimeChart.Form =
            family.isAdditive ? .stackedAreas : .lines(family.unit == .microseconds ? .logarithmic : .linear)
        let total = family.columns[0].total.map { ", \(Figures.grouped($0)) in all" } ?? ""
        return TimeChart(
            title: title(subject), subtitle: "in every \(timeline.stepName)\(total)", axis: timeline.axis,
            unit: family.unit, form: form, reduction: family.isAdditive ? .mean : .highest, series: series)
    }
}
