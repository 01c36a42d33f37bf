/// A table for people: aligned columns under a rule, totals below another.
package struct Table {
    package enum Alignment {
        case left
        /// Numbers.
        case right
    }

    package struct Column {
        package var title: String
        package var alignment: Alignment
    }

    private let columns: [Column]
    private var rows: [[String]] = []
    private var total: [String]?

    package init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Takes a row, without what a terminal would obey in it.
    ///
    /// - Precondition: a cell for every column.
    package mutating func append(_ cells: [String]) {
        precondition(cells.count == columns.count)
        rows.append(cells.map(\.printable))
    }

    /// The last row, under a rule of its own.
    package mutating func setTotal(_ cells: [String]) {
        precondition(cells.count == columns.count)
        total = cells
    }

    package func rendered() -> String {
        let all = [columns.map(\.title)] + rows + (total.map { [$0] } ?? [])
        let widths = columns.indices.map { column in all.reduce(0) { max($0, $1[column].terminalColumns) } }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "──")
        var lines = [line(columns.map(\.title), widths), rule]
        lines += rows.map { line($0, widths) }
        if let total { lines += [rule, line(total, widths)] }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let aligned = cells.indices.map { cells[$0].aligned(columns[$0].alignment, to: widths[$0]) }
        return aligned.joined(separator: "  ").withoutTrailingSpace
    }
}

extension Table.Column {
    package static func text(_ title: String) -> Table.Column { .init(title: title, alignment: .left) }
    package static func number(_ title: String) -> Table.Column { .init(title: title, alignment: .right) }
}

/// A horizontal bar of block characters, an eighth of a cell fine.
package enum Bar {
    private static let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// `fraction` of `width` cells, 0 … 1; what is not nothing shows.
    package static func filled(_ fraction: Double, width: Int) -> String {
        let clamped = fraction.isFinite ? min(max(0, fraction), 1) : 0
        var units = Int((clamped * Double(width * 8)).rounded())
        if clamped > 0 { units = max(1, units) }
        let partial = units % 8 == 0 ? "" : String(eighths[units % 8 - 1])
        return String(repeating: "█", count: units / 8) + partial
    }

    /// The same on a track that shows the whole.
    package static func onTrack(_ fraction: Double, width: Int) -> String {
        let bar = filled(fraction, width: width)
        return bar + String(repeating: "░", count: max(0, width - bar.count))
    }
}
