extension TimeChart {
    /// More points than this could not be told apart.
    static let maximumPoints = 1000

    /// A picture in a file of its own, light or dark as its reader prefers.
    package func svg() -> String { TimeChartDrawing(self).svg(style: Palette.style) }
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
        let size = (Markup.number(frame.width), Markup.number(frame.height))
        drawing.markup.open(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(size.0) \(size.1)", "role": "img",
                "width": size.0, "height": size.1,
            ])
        drawing.markup.element("title", [:], chart.title)
        drawing.markup.element("desc", [:], summary)
        if let style { drawing.markup.append(verbatim: "<style>\n\(style)</style>\n") }
        drawing.markup.element("rect", ["class": "ground", "width": size.0, "height": size.1])
        drawing.drawHeading()
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

    mutating func drawHeading() {
        let x = Markup.number(24)
        markup.element("text", ["class": "head", "x": x, "y": "30"], Self.clipped(chart.title, to: 90))
        markup.element("text", ["class": "muted", "x": x, "y": "51"], Self.clipped(chart.subtitle, to: 140))
    }

    private static func clipped(_ text: String, to count: Int) -> String {
        text.count > count ? text.prefix(count - 1) + "…" : text
    }

    mutating func text(_ content: String, _ style: String, x: Double, y: Double) {
        markup.element("text", ["class": style, "x": Markup.number(x), "y": Markup.number(y)], content)
    }
}
