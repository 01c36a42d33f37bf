extension HeatMap {
    package func svg() -> String { HeatMapDrawing(self).svg(style: Palette.style) }

    package var figure: Figure { Figure(svg: HeatMapDrawing(self).svg(style: nil)) }
}

/// One heat map as an SVG element. Lengths are in pixels at its natural size.
private struct HeatMapDrawing {
    private static let width = 960.0
    private static let top = 84.0
    private static let totalWidth = 84.0
    private static let rowHeights = 14.0...30.0
    /// How high all rows are together, if they may be.
    private static let idealHeight = 300.0

    private let map: HeatMap
    private let gutter: NameGutter
    private let rowHeight: Double
    private let highest: Double
    private var markup = Markup()

    init(_ map: HeatMap) {
        self.map = map
        gutter = NameGutter(map.rows.map(\.name))
        let ideal = Self.idealHeight / Double(max(1, map.rows.count))
        rowHeight = min(max(ideal, Self.rowHeights.lowerBound), Self.rowHeights.upperBound)
        highest = map.highest
    }

    private var cellWidth: Double {
        (Self.width - gutter.width - Self.totalWidth - 24) / Double(max(1, map.columns.count))
    }
    private var right: Double { gutter.width + cellWidth * Double(map.columns.count) }
    private var bottom: Double { Self.top + rowHeight * Double(map.rows.count) }

    func svg(style: String?) -> String {
        var drawing = self
        drawing.markup.openPicture(
            title: map.title, subtitle: map.subtitle, summary: map.summary, width: Self.width, height: bottom + 66,
            style: style)
        for (index, row) in map.rows.enumerated() { drawing.draw(row, y: Self.top + Double(index) * rowHeight) }
        drawing.drawColumnNames()
        drawing.drawScale()
        drawing.markup.close("svg")
        return drawing.markup.text
    }

    private mutating func draw(_ row: HeatMap.Row, y: Double) {
        let baseline = y + rowHeight / 2 + 4
        markup.label(gutter.clipped(row.name), "end", x: gutter.width - 10, y: baseline)
        for (column, name) in map.columns.enumerated() {
            let value = row.value(at: column)
            if value.isNaN { continue }
            cell(
                HeatRamp.level(of: value, upTo: highest), x: gutter.width + Double(column) * cellWidth, y: y,
                width: cellWidth, height: rowHeight, note: "\(row.name), \(name): \(map.unit.spelled(value))")
        }
        markup.label(map.unit.spelled(row.sum), "muted small end", x: right + Self.totalWidth - 14, y: baseline)
    }

    private mutating func cell(_ level: Int, x: Double, y: Double, width: Double, height: Double, note: String) {
        markup.open(
            "rect",
            [
                "class": "h\(level) cell", "x": Markup.number(x), "y": Markup.number(y),
                "width": Markup.number(width), "height": Markup.number(height),
            ])
        // A browser shows it under the pointer.
        markup.element("title", [:], note)
        markup.close("rect")
    }

    /// As many as there is room for.
    private mutating func drawColumnNames() {
        let widest = map.columns.reduce(0) { max($0, NameGutter.width(of: $1)) } + 6
        let stride = max(1, Int((widest / cellWidth).rounded(.up)))
        for (column, name) in map.columns.enumerated() where column % stride == 0 {
            let x = gutter.width + (Double(column) + 0.5) * cellWidth
            markup.label(name, "muted small middle", x: x, y: Self.top - 8)
        }
        markup.label("total", "muted small end", x: right + Self.totalWidth - 14, y: Self.top - 8)
    }

    /// What the colours stand for: nothing, and up to how much.
    private mutating func drawScale() {
        let (y, width) = (bottom + 22, 52.0)
        for level in 0...HeatRamp.levels {
            let (x, bound) = (
                gutter.width + Double(level) * width, map.unit.spelled(HeatRamp.bound(of: level, upTo: highest))
            )
            cell(level, x: x, y: y, width: width, height: 12, note: level == 0 ? "nothing" : "up to \(bound)")
            markup.label(bound, "muted small middle", x: x + width / 2, y: y + 28)
        }
        markup.label("up to", "muted small end", x: gutter.width - 10, y: y + 28)
    }
}
