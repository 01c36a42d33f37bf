import ArgumentParser

/// A form in which a ``ResultTable`` is printed.
enum ResultFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case table, chart, markdown
    /// For programs.
    case json, ndjson, csv, arrow

    /// The form that a file of this name has by custom; nil if custom says nothing.
    init?(fileName: String) {
        guard let point = fileName.lastIndex(of: ".") else { return nil }
        switch fileName[fileName.index(after: point)...].lowercased() {
        case "md": self = .markdown
        case "json": self = .json
        case "ndjson", "jsonl": self = .ndjson
        case "csv": self = .csv
        case "arrows": self = .arrow
        default: return nil
        }
    }

    /// Whether people can read it.
    var isText: Bool { self != .arrow }

    /// - Parameter screen: What charts are drawn for.
    func bytes(of table: ResultTable, on screen: Screen) throws -> [UInt8] {
        switch self {
        case .table: Array(table.text.utf8)
        case .chart: try Array(screen.drawn(ResultCharts(table).charts).utf8)
        case .markdown: Array(table.markdown.utf8)
        case .json: Array(table.json.rendered().utf8)
        case .ndjson: Array(table.ndjson.utf8)
        case .csv: Array(table.csv.utf8)
        case .arrow: try table.arrow()
        }
    }
}
