import SpillwayConsole

extension ResultTable {
    /// A table of GitHub Flavored Markdown (section 4.10), aligned as text too, with a total in bold.
    var markdown: String {
        var rows = [columns.map { Self.escaped($0.title) }]
        rows += (0..<rowCount).map { row in columns.map { Self.escaped($0.values.cell(row)) } }
        if !keys.isEmpty, columns.contains(where: \.isAdditive) {
            rows.append(totals(withShareOf: nil).map { $0.isEmpty ? "" : "**\($0)**" })
        }
        // The rule under a heading takes three characters at least.
        let widths = columns.indices.map { column in rows.reduce(3) { max($0, $1[column].terminalColumns) } }
        let rule = zip(columns, widths).map { column, width in
            String(repeating: "-", count: column.values.isNumeric ? width - 1 : width)
                + (column.values.isNumeric ? ":" : "")
        }
        var lines = rows.map { cells in
            columns.indices.map { column in
                cells[column].aligned(columns[column].values.isNumeric ? .right : .left, to: widths[column])
            }
        }
        lines.insert(rule, at: 1)
        return lines.map { "| \($0.joined(separator: " | ")) |\n" }.joined()
    }

    /// Without what Markdown would take for a mark of its own, or for the end of the cell.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.printable {
            if "\\|`*_<[".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}
