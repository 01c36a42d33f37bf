import SpillwayConsole

extension TimeChart {
    /// The chart in lines of at most `columns` characters: of stacked areas their total, then a row for each series,
    /// each as high as its own peak, and the time below. Ends with a line feed.
    package func text(columns: Int, glyphs: Glyphs, ink: Ink) -> String {
        TimeChartText(self, columns: columns, glyphs: glyphs, ink: ink).rendered()
    }
}

/// One chart laid out in characters.
private struct TimeChartText {
    private static let totalHeight = 8
    private static let leastWidth = 12

    private let chart: TimeChart
    private let glyphs: Glyphs
    private let ink: Ink
    /// The series with something to show, the most first.
    private let rows: [TimeChart.Series]
    private let axis: ValueAxis
    /// Left of the plot: names and values.
    private let gutter: Int
    /// The plot.
    private let width: Int
    /// Right of the plot: each row's peak, of counts its total, of areas its share; empty if there is no room.
    private let notes: [String]

    init(_ chart: TimeChart, columns: Int, glyphs: Glyphs, ink: Ink) {
        self.chart = chart
        self.glyphs = glyphs
        self.ink = ink
        rows = chart.series.filter { $0.peak > 0 }.sorted { ($0.sum, $1.name) > ($1.sum, $0.name) }
        axis = ValueAxis(upTo: chart.totals.max() ?? 0, ticks: 4)
        let names = rows.map(\.name.terminalColumns) + axis.ticks.map { chart.unit.spelled($0).terminalColumns }
        gutter = min(names.max() ?? 0, columns / 3) + 1
        let notes = Self.notes(of: rows, in: chart)
        let room = columns - gutter - 1
        let isRoomy = room - (notes.first?.count ?? 0) >= Self.leastWidth
        self.notes = isRoomy ? notes : []
        width = max(1, isRoomy ? room - (notes.first?.count ?? 0) : room)
    }

    /// The heading of the notes, then one for each row, all of one length.
    private static func notes(of rows: [TimeChart.Series], in chart: TimeChart) -> [String] {
        var columns = [["peak"] + rows.map { chart.unit.spelled($0.peak) }]
        if chart.unit == .count { columns.append(["total"] + rows.map { chart.unit.spelled($0.sum) }) }
        if chart.form == .stackedAreas {
            columns.append(["share"] + rows.map { ValueUnit.percent(chart.share(of: $0)) })
        }
        let widths = columns.map { $0.map(\.terminalColumns).max() ?? 0 }
        return (0...rows.count).map { row in
            zip(columns, widths).map { "  " + $0[row].aligned(.right, to: $1) }.joined()
        }
    }

    func rendered() -> String {
        var lines = [chart.title, chart.subtitle].filter { !$0.isEmpty }.map(\.printable)
        guard chart.axis.count > 0, !rows.isEmpty else {
            return glyphs.rendered(lines + ["nothing to show"])
        }
        if chart.form == .stackedAreas { lines += total }
        if let heading = notes.first {
            // Beside the last line of the total, else on a line of its own.
            let above = chart.form == .stackedAreas ? lines.removeLast() : ""
            lines.append(above.aligned(.left, to: gutter + 1 + width) + heading)
        }
        for (index, series) in rows.enumerated() {
            let values = columns(of: (0..<chart.axis.count).map(series.value(at:)))
            let peak = values.max() ?? 0
            let name = series.name.printable.clipped(to: gutter - 1).aligned(.left, to: gutter)
            let bars = ink.painted(String(values.map { glyphs.level(peak > 0 ? $0 / peak : 0) }), series.color)
            lines.append(name + String(glyphs.vertical) + bars + (notes.isEmpty ? "" : notes[index + 1]))
        }
        lines += timeAxis
        return glyphs.rendered(lines)
    }

    /// As many values as there are columns.
    private func columns(of values: [Double]) -> [Double] {
        let series = TimeChart.Series("", color: .total, values: values)
        return (0..<width).map { column in
            let first = column * values.count / width
            let end = max(first + 1, (column + 1) * values.count / width)
            return chart.reduction.value(of: series, in: first..<end).orZero
        }
    }

    private var total: [String] {
        let heights = columns(of: chart.totals).map { axis.fraction(of: $0) * Double(Self.totalHeight) }
        let marks = Dictionary(
            axis.ticks.map { (Int((axis.fraction(of: $0) * Double(Self.totalHeight)).rounded()), $0) },
            uniquingKeysWith: { first, _ in first })
        // A mark stands on the line whose cells end there; 0 on the lowest.
        return (0..<Self.totalHeight).reversed().map { line in
            let mark = marks[line + 1] ?? (line == 0 ? 0 : nil)
            let label = mark.map { chart.unit.spelled($0) } ?? ""
            let edge = mark == nil ? glyphs.vertical : glyphs.valueMark
            // What is not nothing shows, but only once.
            let cells = heights.map { glyphs.level(line > 0 && $0 - Double(line) < 1 / 16 ? 0 : $0 - Double(line)) }
            return label.aligned(.right, to: gutter - 1) + " " + String(edge) + String(cells)
        }
    }

    /// The axis, then times, then the days where they change.
    private var timeAxis: [String] {
        var marks = [Character](repeating: glyphs.horizontal, count: width)
        var labels = ""
        var contexts = ""
        for tick in chart.axis.ticks(atMost: max(1, width / 8)) {
            let column = Int(tick.position / Double(chart.axis.count) * Double(width))
            guard column < width else { continue }
            marks[column] = glyphs.timeMark
            labels.place(tick.label, at: column, within: width)
            contexts.place(tick.context, at: column, within: width)
        }
        let margin = String(repeating: " ", count: gutter)
        if !notes.isEmpty { labels = labels.aligned(.left, to: width) + "  UTC" }
        return [margin + String(glyphs.corner) + String(marks), margin + " " + labels, margin + " " + contexts]
    }
}
