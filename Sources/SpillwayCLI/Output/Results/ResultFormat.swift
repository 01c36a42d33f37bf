import ArgumentParser

/// A form in which a ``ResultTable`` is printed.
enum ResultFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case table, chart, markdown
    /// For programs.
    case json, ndjson, csv

    /// The form that a file of this name has by custom; nil if custom says nothing.
    init?(fileName: String) {
        guard let point = fileName.lastIndex(of: ".") else { return nil }
        switch fileName[fileName.index(after: point)...].lowercased() {
        case "md": self = .markdown
        case "json": self = .json
        case "ndjson", "jsonl": self = .ndjson
        case "csv": self = .csv
        default: return nil
        }
    }

    /// - Parameter screen: What charts are drawn for.
    func bytes(of table: ResultTable, on screen: Screen) throws(UsageError) -> [UInt8] {
        let text =
            switch self {
            case .table: table.text
            case .chart: try screen.drawn(ResultCharts(table).charts)
            case .markdown: table.markdown
            case .json: table.json.rendered()
            case .ndjson: table.ndjson
            case .csv: table.csv
            }
        return Array(text.utf8)
    }
}
