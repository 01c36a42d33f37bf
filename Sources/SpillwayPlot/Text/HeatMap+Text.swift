import SpillwayConsole

extension HeatMap {
    /// A line for each row: its name, a cell for each column, its total; the columns' names above, the scale below.
    package func text(columns: Int, glyphs: Glyphs, ink: Ink) -> String {
        HeatMapText(self, columns: columns, glyphs: glyphs, ink: ink).rendered()
    }
}

/// One heat map laid out in characters.
private struct HeatMapText {
    /// More characters for a column would look like bars.
    private static let maximumCellWidth = 3

    private let map: HeatMap
    private let columns: Int
    private let glyphs: Glyphs
    private let ink: Ink
    private let highest: Double
    /// Left of the plot: names.
    private let gutter: Int
    private let cellWidth: Int
    /// Right of the plot: totals, with their heading; empty if there is no room.
    private let totals: [String]

    init(_ map: HeatMap, columns: Int, glyphs: Glyphs, ink: Ink) {
        self.map = map
        self.columns = columns
        self.glyphs = glyphs
        self.ink = ink
        highest = map.highest
        gutter = min(map.rows.reduce(0) { max($0, $1.name.terminalColumns) }, max(0, columns / 3))
        let totals = ["total"] + map.rows.map { map.unit.spelled($0.sum) }
        let totalWidth = totals.reduce(0) { max($0, $1.terminalColumns) } + 2
        let room = columns - gutter - 2
        let count = max(1, map.columns.count)
        let isRoomy = room - totalWidth >= count
        self.totals = isRoomy ? totals.map { $0.aligned(.right, to: totalWidth) } : []
        cellWidth = min(max(1, (isRoomy ? room - totalWidth : room) / count), Self.maximumCellWidth)
    }

    func rendered() -> String {
        let lines = [map.title, map.subtitle].filter { !$0.isEmpty }.map(\.printable)
        guard highest > 0 else { return glyphs.rendered(lines + ["nothing to show"]) }
        let rows = map.rows.enumerated().map { index, row in
            let name = row.name.printable.clipped(to: gutter).aligned(.left, to: gutter)
            let cells = map.columns.indices.map { cell(row.value(at: $0)) }.joined()
            return "\(name) \(glyphs.vertical)\(cells)\(totals.isEmpty ? "" : totals[index + 1])"
        }
        return glyphs.rendered(lines + [heading] + rows + ["", scale])
    }

    private func cell(_ value: Double) -> String {
        let level = HeatRamp.level(of: value, upTo: highest)
        let shade = ink == .plain || level == 0 ? Double(level) / Double(HeatRamp.levels) : 1
        let text = String(repeating: glyphs.shade(shade), count: cellWidth)
        return level == 0 ? text : ink.painted(text, number: HeatRamp.terminalColors[level])
    }

    /// As many of the columns' names as there is room for.
    private var heading: String {
        let width = cellWidth * map.columns.count
        var names = ""
        for (column, name) in map.columns.enumerated() {
            names.place(name.printable, at: column * cellWidth, within: width)
        }
        return String(repeating: " ", count: gutter + 2) + names.aligned(.left, to: width) + (totals.first ?? "")
    }

    /// Every second step, and the highest value that it stands for.
    private var scale: String {
        let bounds = stride(from: 2, through: HeatRamp.levels, by: 2).map { HeatRamp.bound(of: $0, upTo: highest) }
        let names = bounds.map(map.unit.spelled)
        let length = names.reduce(4) { $0 + 3 + cellWidth + $1.terminalColumns }
        let indent = String(repeating: " ", count: max(0, min(gutter + 2, columns - length)))
        return indent + "up to " + zip(bounds, names).map { "\(cell($0)) \($1)" }.joined(separator: "  ")
    }
}
