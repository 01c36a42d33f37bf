/// Values by group, as horizontal bars in the order in which they are given.
package struct BarChart: Chart {
    package struct Bar: Sendable {
        /// What the legend says of its colour; empty if the group's name says all.
        package var name: String
        package var color: SeriesColor
        /// 0 or more; what is not finite is missing.
        package var value: Double

        package init(_ name: String = "", color: SeriesColor, value: Double) {
            self.name = name
            self.color = color
            self.value = value
        }
    }

    package struct Group: Sendable {
        package var name: String
        package var bars: [Bar]

        package init(_ name: String, bars: [Bar]) {
            self.name = name
            self.bars = bars
        }
    }

    package var title: String
    package var subtitle: String
    package var unit: ValueUnit
    /// What every bar is a part of, whether all of its parts are drawn or not; nil if there is no whole.
    package var total: Double?
    package var groups: [Group]

    package init(title: String, subtitle: String = "", unit: ValueUnit, total: Double? = nil, groups: [Group]) {
        self.title = title
        self.subtitle = subtitle
        self.unit = unit
        self.total = total
        self.groups = groups
    }
}

extension BarChart.Bar {
    /// Finite, or NaN where it is missing.
    var length: Double { value.isFinite ? min(max(0, value), ValueAxis.limit) : .nan }
}

extension BarChart {
    var highest: Double { groups.flatMap(\.bars).reduce(0) { max($0, $1.length.orZero) } }

    /// The value and the share of each bar, by group.
    var notes: [[(value: String, share: String)]] {
        groups.map { group in
            group.bars.map { bar in
                if bar.length.isNaN { return ("–", "") }
                let share = total.map { $0 > 0 ? ValueUnit.percent(bar.length / $0) : "" }
                return (unit.spelled(bar.length), share ?? "")
            }
        }
    }

    /// The names that colours stand for, as the first group that has them orders them.
    var legend: [(name: String, color: SeriesColor)] {
        var seen: Set<String> = [""]
        return groups.flatMap(\.bars).filter { seen.insert($0.name).inserted }.map { ($0.name, $0.color) }
    }

    /// The chart in words, for whoever does not see it.
    var summary: String {
        let parts = zip(groups, notes).map { group, notes in
            let values = zip(group.bars, notes).map { bar, note in
                [bar.name, note.value, note.share].filter { !$0.isEmpty }.joined(separator: " ")
            }
            return "\(group.name) \(values.joined(separator: ", "))"
        }
        return (subtitle.isEmpty ? "" : "\(subtitle): ") + parts.joined(separator: "; ") + "."
    }
}
