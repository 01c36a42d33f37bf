/// Values along an axis of UTC time, by series, to be drawn as SVG (``svg()``), on a page (``Page``) or in characters
/// (``text(columns:glyphs:ink:)``). Knows nothing of what the values mean but their unit.
package struct TimeChart: Chart {
    package enum Form: Sendable, Hashable {
        /// One on top of the other, so that the uppermost edge is the total.
        case stackedAreas
        case lines(ValueScale)
    }

    /// What one point shows where there is no room for each.
    package enum Reduction: String, Sendable, Hashable {
        case mean
        case highest
    }

    package struct Series: Sendable {
        package var name: String
        package var color: SeriesColor
        /// One for each step of the axis, 0 or more; what is not finite is a gap, as is what is missing at the end.
        package var values: [Double]

        package init(_ name: String, color: SeriesColor, values: [Double]) {
            self.name = name
            self.color = color
            self.values = values
        }
    }

    package var title: String
    package var subtitle: String
    package var axis: TimeAxis
    package var unit: ValueUnit
    package var form: Form
    package var reduction: Reduction
    package var series: [Series]

    package init(
        title: String, subtitle: String = "", axis: TimeAxis, unit: ValueUnit, form: Form,
        reduction: Reduction = .mean, series: [Series]
    ) {
        self.title = title
        self.subtitle = subtitle
        self.axis = axis
        self.unit = unit
        self.form = form
        self.reduction = reduction
        self.series = series
    }
}

extension TimeChart.Series {
    /// Finite, or NaN for a gap.
    func value(at step: Int) -> Double {
        guard values.indices.contains(step), values[step].isFinite else { return .nan }
        return min(max(0, values[step]), ValueAxis.limit)
    }

    /// Gaps are 0.
    var sum: Double { values.indices.reduce(0) { $0 + value(at: $1).orZero } }
    var peak: Double { values.indices.reduce(0) { max($0, value(at: $1).orZero) } }
}

extension TimeChart {
    /// The sum of all series at each step.
    var totals: [Double] {
        (0..<axis.count).map { step in series.reduce(0) { $0 + $1.value(at: step).orZero } }
    }

    /// The series' share of the sum of all, 0 … 1.
    func share(of part: Series) -> Double {
        let total = series.reduce(0) { $0 + $1.sum }
        return total > 0 ? part.sum / total : 0
    }
}

extension Double {
    /// The value, 0 for a gap.
    var orZero: Double { isNaN ? 0 : self }
}
