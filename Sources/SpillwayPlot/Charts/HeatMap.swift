/// Values in rows and columns, the higher the stronger in colour.
package struct HeatMap: Chart {
    package struct Row: Sendable {
        package var name: String
        /// One for each column, 0 or more; what is not finite is missing, as is what is left out at the end.
        package var values: [Double]

        package init(_ name: String, values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    package var title: String
    package var subtitle: String
    package var unit: ValueUnit
    /// Short names of the columns.
    package var columns: [String]
    package var rows: [Row]

    package init(title: String, subtitle: String = "", unit: ValueUnit, columns: [String], rows: [Row]) {
        self.title = title
        self.subtitle = subtitle
        self.unit = unit
        self.columns = columns
        self.rows = rows
    }
}

extension HeatMap.Row {
    /// Finite, or NaN where it is missing.
    func value(at column: Int) -> Double {
        guard values.indices.contains(column), values[column].isFinite else { return .nan }
        return min(max(0, values[column]), ValueAxis.limit)
    }

    var sum: Double { values.indices.reduce(0) { $0 + value(at: $1).orZero } }
    var peak: Double { values.indices.reduce(0) { max($0, value(at: $1).orZero) } }
}

extension HeatMap {
    var highest: Double { rows.reduce(0) { max($0, $1.peak) } }

    /// The chart in words, for whoever does not see it.
    var summary: String {
        let parts = rows.compactMap { row -> String? in
            guard row.peak > 0, let column = columns.indices.first(where: { row.value(at: $0) == row.peak }) else {
                return nil
            }
            return "\(row.name) up to \(unit.spelled(row.peak)) at \(columns[column])"
        }
        return "\(subtitle): \(parts.joined(separator: "; "))."
    }
}
