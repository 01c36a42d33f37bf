extension TimeChartDrawing {
    private static let sparsePoints = 300

    /// From the most at the bottom to the least at the top.
    var stack: [TimeChart.Series] { chart.series.sorted { $0.sum > $1.sum } }

    /// Each area is drawn from its upper edge down to nothing, over the part of the one before that is not its own:
    /// so an edge is written once.
    mutating func drawAreas() {
        var edge = totals
        // Between spikes an outline would hide what is thin.
        let style = chart.axis.count > Self.sparsePoints ? "area dense" : "area"
        for series in stack.reversed() {
            if series.peak > 0 {
                markup.element("path", ["class": "\(series.color.cssClass) \(style)", "d": area(under: edge)])
            }
            for step in edge.indices { edge[step] = max(0, edge[step] - series.value(at: step).orZero) }
        }
    }

    private func area(under edge: [Double]) -> String {
        var path = PathData()
        path.move(to: frame.left, frame.bottom)
        for (step, value) in edge.enumerated() {
            let y = frame.y(ofFraction: valueAxis.fraction(of: value))
            // Half a step at both ends, so that the area is as wide as the axis.
            if step == 0 { path.line(to: frame.left, y) }
            path.line(to: frame.x(ofStep: step), y)
            if step == edge.count - 1 { path.line(to: frame.right, y) }
        }
        path.line(to: frame.right, frame.bottom)
        path.close()
        return path.text
    }

    mutating func drawLines() {
        for series in chart.series {
            markup.element("path", ["class": "\(series.color.cssClass) line", "d": line(of: series)])
        }
    }

    /// Broken where there is no value; on a logarithmic axis 0 is none.
    private func line(of series: TimeChart.Series) -> String {
        var path = PathData()
        var isDrawing = false
        func y(_ step: Int) -> Double? {
            let value = series.value(at: step)
            guard !value.isNaN, valueAxis.scale == .linear || value > 0 else { return nil }
            return frame.y(ofFraction: valueAxis.fraction(of: value))
        }
        for step in 0..<chart.axis.count {
            guard let height = y(step) else {
                isDrawing = false
                continue
            }
            if isDrawing {
                path.line(to: frame.x(ofStep: step), height)
            } else if y(step + 1) == nil {
                // A value between gaps is a short dash: a line needs two ends.
                path.move(to: frame.x(ofStep: step) - 1, height)
                path.line(to: frame.x(ofStep: step) + 1, height)
            } else {
                path.move(to: frame.x(ofStep: step), height)
            }
            isDrawing = true
        }
        return path.text
    }
}

extension TimeChartDrawing {
    /// The highest point of stacked areas, and what is written there; nil if all are empty.
    var peak: (step: Int, value: Double, note: String)? {
        guard let value = totals.max(), value > 0, let step = totals.firstIndex(of: value) else { return nil }
        return (step, value, "\(chart.unit.spelled(value)) at \(chart.axis.clock(ofStep: step)) UTC")
    }

    mutating func drawPeak() {
        guard let peak else { return }
        let x = frame.x(ofStep: peak.step)
        let y = frame.y(ofFraction: valueAxis.fraction(of: peak.value))
        markup.element(
            "circle", ["class": "total mark", "cx": Markup.number(x), "cy": Markup.number(y), "r": "4.5"])
        // Over the plot's width, wherever the peak is.
        let isLate = x > frame.left + frame.plotWidth / 2
        markup.label(peak.note, isLate ? "strong halo end" : "strong halo", x: isLate ? x - 9 : x + 9, y: y - 4)
    }
}
