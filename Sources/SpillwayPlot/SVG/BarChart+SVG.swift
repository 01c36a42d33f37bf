extension BarChart {
    package func svg() -> String { BarChartDrawing(self).svg(style: Palette.style) }

    package var figure: Figure { Figure(svg: BarChartDrawing(self).svg(style: nil)) }
}

/// One bar chart as an SVG element. Lengths are in pixels at its natural size.
private struct BarChartDrawing {
    private static let width = 960.0
    private static let top = 78.0
    /// Right of the longest bar: its value and its share.
    private static let noteWidth = 132.0
    private static let groupGap = 10.0

    private let chart: BarChart
    private let axis: ValueAxis
    private let gutter: NameGutter
    private let barHeight: Double
    private var markup = Markup()

    init(_ chart: BarChart) {
        self.chart = chart
        axis = ValueAxis(upTo: chart.highest, ticks: 5)
        gutter = NameGutter(chart.groups.map(\.name))
        barHeight = chart.groups.contains { $0.bars.count > 1 } ? 14 : 18
    }

    private var plotTop: Double { Self.top + (chart.legend.isEmpty ? 0 : 24) }
    private var plotWidth: Double { Self.width - Self.noteWidth - 24 - gutter.width }

    private var bottom: Double {
        chart.groups.reduce(plotTop) { $0 + height(of: $1) + Self.groupGap }
    }

    private func height(of group: BarChart.Group) -> Double { Double(max(1, group.bars.count)) * barHeight }

    func svg(style: String?) -> String {
        var drawing = self
        drawing.markup.openPicture(
            title: chart.title, subtitle: chart.subtitle, summary: chart.summary, width: Self.width,
            height: bottom + 44, style: style)
        drawing.drawLegend()
        drawing.drawGrid()
        drawing.drawGroups()
        drawing.markup.close("svg")
        return drawing.markup.text
    }

    private mutating func drawLegend() {
        var x = gutter.width
        for (name, color) in chart.legend {
            markup.swatch(color, x: x, y: Self.top - 4)
            markup.label(name, x: x + 18, y: Self.top + 6)
            x += 18 + NameGutter.width(of: name) + 20
        }
    }

    private mutating func drawGrid() {
        var grid = PathData()
        for tick in axis.ticks {
            let x = gutter.width + axis.fraction(of: tick) * plotWidth
            grid.move(to: x, plotTop - 4)
            grid.line(to: x, bottom)
            markup.label(tick == 0 ? "0" : chart.unit.spelled(tick), "muted small middle", x: x, y: bottom + 18)
        }
        markup.element("path", ["class": "grid", "d": grid.text])
    }

    private mutating func drawGroups() {
        var y = plotTop
        for (group, notes) in zip(chart.groups, chart.notes) {
            let middle = y + height(of: group) / 2
            markup.label(gutter.clipped(group.name), "end", x: gutter.width - 10, y: middle + 4.5)
            for (index, (bar, note)) in zip(group.bars, notes).enumerated() {
                draw(bar, note, y: y + Double(index) * barHeight)
            }
            y += height(of: group) + Self.groupGap
        }
    }

    private mutating func draw(_ bar: BarChart.Bar, _ note: (value: String, share: String), y: Double) {
        // What is not nothing shows.
        let length = bar.length > 0 ? max(1, axis.fraction(of: bar.length) * plotWidth) : 0
        if length > 0 {
            markup.element(
                "rect",
                [
                    "class": "\(bar.color.cssClass) bar", "x": Markup.number(gutter.width), "y": Markup.number(y),
                    "width": Markup.number(length), "height": Markup.number(barHeight - 1),
                ])
        }
        let (x, baseline) = (gutter.width + length + 7, y + barHeight / 2 + 4)
        markup.open("text", ["class": "small halo", "x": Markup.number(x), "y": Markup.number(baseline)])
        markup.append(verbatim: Markup.escaped(note.value))
        if !note.share.isEmpty {
            markup.append(verbatim: "<tspan class=\"muted\" dx=\"6\">\(Markup.escaped(note.share))</tspan>")
        }
        markup.close("text")
    }
}
