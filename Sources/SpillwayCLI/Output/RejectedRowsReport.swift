import SpillwayConsole
import SpillwayPlatform
import SpillwayTrace

/// What became of the rows of a recording that could not be read.
struct RejectedRowsReport {
    private let name: String
    private let count: Int
    private let examples: [RecordingError]

    /// Of the slices that were read; nil if bad rows end the reading.
    init?(_ trace: any Trace) {
        guard let rejected = trace.rejectedRows else { return nil }
        name = trace.name
        count = rejected.count
        examples = rejected.examples
    }

    /// Tells a person on standard error, if there is anything to tell.
    func print() throws {
        if count > 0 { try Terminal.write(text, to: .error) }
    }

    var text: String {
        var lines = ["\(Figures.grouped(count)) \(count == 1 ? "row" : "rows") of \(name) left out:"]
        let cells = examples.map { (row: $0.row.map(String.init) ?? "", column: $0.column ?? "", $0.problem) }
        let widths = (cells.map(\.row.count).max() ?? 0, cells.map(\.column.count).max() ?? 0)
        for (row, column, problem) in cells {
            let padding = String(repeating: " ", count: widths.0 - row.count)
            let gap = String(repeating: " ", count: widths.1 - column.count)
            lines.append("  \(padding)\(row)  \(column)\(gap)\(widths.1 > 0 ? "  " : "")\(problem)")
        }
        if count > examples.count { lines.append("  and \(Figures.grouped(count - examples.count)) more") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For scripts, the member `rejected`.
    var json: JSON {
        [
            "count": .integer(count),
            "examples": .array(
                examples.map { example in
                    [
                        "file": .string(example.file), "row": example.row.map(JSON.integer) ?? .null,
                        "column": example.column.map(JSON.string) ?? .null, "problem": .string(example.problem),
                    ]
                }),
        ]
    }
}
