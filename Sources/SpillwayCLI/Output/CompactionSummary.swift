import SpillwayConsole
import SpillwayStore

/// What `spillway compact` prints.
struct CompactionSummary {
    private let report: Compaction.Report

    init(_ report: Compaction.Report) { self.report = report }

    var table: String {
        guard report.segmentsBefore > 0 else { return "Nothing to merge: the files are large already.\n" }
        var table = Table([.text(""), .number("Files"), .number("Registrations"), .number("Size"), .number("B/row")])
        table.append(row("merged", files: report.segmentsBefore, bytes: report.bytesBefore))
        table.append(row("into", files: report.segmentsAfter, bytes: report.bytesAfter))
        return table.rendered()
    }

    private func row(_ title: String, files: Int, bytes: UInt64) -> [String] {
        [
            title, Figures.grouped(files), Figures.grouped(report.rowCount), Figures.bytes(Int(clamping: bytes)),
            Figures.decimal(Double(bytes) / Double(max(1, report.rowCount)), places: 2),
        ]
    }

    var json: JSON {
        [
            "filesBefore": .integer(report.segmentsBefore), "filesAfter": .integer(report.segmentsAfter),
            "registrations": .integer(report.rowCount), "bytesBefore": .unsigned(report.bytesBefore),
            "bytesAfter": .unsigned(report.bytesAfter),
        ]
    }
}
