import SpillwayConsole

extension BarChart {
    private static let leastWidth = 8

    /// A line for each bar: the group's name, the bar, its value and its share.
    package func text(columns: Int, glyphs: Glyphs, ink: Ink) -> String {
        let lines = [title, subtitle].filter { !$0.isEmpty }.map(\.printable)
        let highest = highest
        guard highest > 0 else { return glyphs.rendered(lines + ["nothing to show"]) }
        let notes = notes.map { $0.map(\.self) }
        let valueWidth = notes.joined().reduce(0) { max($0, $1.value.terminalColumns) }
        let shareWidth = notes.joined().reduce(0) { max($0, $1.share.terminalColumns) }
        let noteWidth = 2 + valueWidth + (shareWidth > 0 ? 2 + shareWidth : 0)
        let groupWidth = min(groups.reduce(0) { max($0, $1.name.terminalColumns) }, max(0, columns / 3))
        let nameWidth = legend.reduce(0) { max($0, $1.name.terminalColumns) }
        let head = groupWidth + (nameWidth > 0 ? 2 + nameWidth : 0) + 1
        let width = max(Self.leastWidth, columns - head - noteWidth - 1)
        let bars = zip(groups, notes).flatMap { group, notes in
            zip(group.bars, notes).enumerated().map { index, pair in
                let (bar, note) = pair
                let name = index == 0 ? group.name.printable.clipped(to: groupWidth) : ""
                var line = name.aligned(.left, to: groupWidth)
                if nameWidth > 0 { line += "  " + bar.name.printable.aligned(.left, to: nameWidth) }
                let drawn = glyphs.bar(bar.length.orZero / highest, width: width)
                line += " \(glyphs.vertical)\(ink.painted(drawn, bar.color))"
                line += String(repeating: " ", count: width - drawn.count)
                line += "  " + note.value.aligned(.right, to: valueWidth)
                return line + (shareWidth > 0 ? "  " + note.share.aligned(.right, to: shareWidth) : "")
            }
        }
        return glyphs.rendered(lines + bars)
    }
}
