extension TimeChart {
    /// More points than this could not be told apart.
    static let maximumPoints = 1000

    package func svg() -> String { TimeChartDrawing(self).svg(style: Palette.style) }

    package var figure: Figure {
        let drawing = TimeChartDrawing(self)
        return Figure(svg: drawing.svg(style: nil), readOut: drawing.readOut)
    }
}

/// One chart as an SVG element.
struct TimeChartDrawing {
    /// As it is drawn: with no more points than can be told apart.
    let chart: TimeChart
    let frame: ChartFrame
    let valueAxis: ValueAxis
    /// The uppermost edge of stacked areas.
    let totals: [Double]
    var markup = Markup()

    init(_ chart: TimeChart) {
        self.chart = chart.reduced(to: TimeChart.maximumPoints)
        frame = ChartFrame(stepCount: self.chart.axis.count)
        totals = self.chart.totals
        switch chart.form {
        case .stackedAreas: valueAxis = ValueAxis(upTo: totals.max() ?? 0, ticks: 5)
        case .lines(.linear): valueAxis = ValueAxis(upTo: self.chart.series.map(\.peak).max() ?? 0, ticks: 5)
        case .lines(.logarithmic):
            valueAxis = ValueAxis(logarithmicAround: self.chart.series.flatMap(\.values))
        }
    }

    /// - Parameter style: Left out where the page around the drawing has it.
    func svg(style: String?) -> String {
        var drawing = self
        drawing.markup.openPicture(
            title: chart.title, subtitle: chart.subtitle, summary: summary, width: frame.width, height: frame.height,
            style: style)
        switch chart.form {
        case .stackedAreas: drawing.drawAreas()
        case .lines: drawing.drawLines()
        }
        drawing.drawValueAxis()
        drawing.drawTimeAxis()
        if chart.form == .stackedAreas { drawing.drawPeak() }
        drawing.drawLegend()
        drawing.markup.close("svg")
        return drawing.markup.text
    }

    /// The chart in words, for whoever does not see it.
    private var summary: String {
        let parts = legend.map { "\($0.series.name) \($0.note)" }.joined(separator: ", ")
        guard chart.form == .stackedAreas, let peak else { return "\(chart.subtitle): \(parts)." }
        return "\(chart.subtitle): \(parts). \(peak.note)."
    }
}
