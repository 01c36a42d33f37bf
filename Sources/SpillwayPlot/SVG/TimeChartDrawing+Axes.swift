extension TimeChartDrawing {
    /// Over the areas, thin enough to be seen through.
    mutating func drawValueAxis() {
        var grid = PathData()
        for tick in valueAxis.ticks {
            let y = frame.y(ofFraction: valueAxis.fraction(of: tick))
            grid.move(to: frame.left, y)
            grid.line(to: frame.right, y)
            markup.label(chart.unit.spelled(tick), "muted end", x: frame.left - 8, y: y + 4.5)
        }
        markup.element("path", ["class": "grid", "d": grid.text])
    }

    mutating func drawTimeAxis() {
        var marks = PathData()
        marks.move(to: frame.left, frame.bottom)
        marks.line(to: frame.right, frame.bottom)
        let ticks = chart.axis.ticks(atMost: 12)
        for tick in ticks {
            let x = frame.x(ofStep: tick.position)
            marks.move(to: x, frame.bottom)
            marks.line(to: x, frame.bottom + 5)
            markup.label(tick.label, "middle", x: x, y: frame.bottom + 21)
            if !tick.context.isEmpty { markup.label(tick.context, "muted small middle", x: x, y: frame.bottom + 38) }
        }
        markup.element("path", ["class": "axis", "d": marks.text])
        markup.label("UTC", "muted small", x: frame.legendX, y: frame.bottom + 21)
    }
}

extension TimeChartDrawing {
    /// A line of the legend, from the top.
    struct LegendEntry {
        var series: TimeChart.Series
        var note: String
    }

    /// In the order in which the eye meets the series from above.
    var legend: [LegendEntry] {
        switch chart.form {
        case .stackedAreas:
            stack.reversed().filter { $0.sum > 0 }
                .map { LegendEntry(series: $0, note: ValueUnit.percent(chart.share(of: $0))) }
        case .lines:
            chart.series.filter { $0.peak > 0 || chart.series.count == 1 }.sorted { $0.peak > $1.peak }
                .map { LegendEntry(series: $0, note: "up to \(chart.unit.spelled($0.peak))") }
        }
    }

    mutating func drawLegend() {
        for (index, entry) in legend.enumerated() {
            let y = frame.top + 8 + Double(index) * 36
            markup.swatch(entry.series.color, x: frame.legendX, y: y - 10)
            markup.label(entry.series.name, x: frame.legendX + 18, y: y)
            markup.label(entry.note, "muted small", x: frame.legendX + 18, y: y + 15)
        }
    }
}
