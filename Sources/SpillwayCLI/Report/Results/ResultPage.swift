import SpillwayConsole
import SpillwayPlot

extension ResultTable {
    /// More rows would make a page that no browser likes; programs read them from another form.
    private static let maximumPageRows = 1000

    /// Everything that can be drawn of the result, and the result itself below.
    ///
    /// - Parameter source: Where it is from.
    func page(from source: String) throws(UsageError) -> Page {
        let charts = try ResultCharts(self).charts
        let shown = min(rowCount, Self.maximumPageRows)
        let caption =
            shown < rowCount ? "The first \(shown) of \(Figures.grouped(rowCount)) rows" : "All rows"
        var rows = (0..<shown).map { row in columns.map { $0.values.cell(row) } }
        if !keys.isEmpty, columns.contains(where: \.isAdditive) { rows.append(totals(withShareOf: nil)) }
        return Page(
            title: "Query of \(source)", charts: charts,
            details: [Page.Table(caption, columns: columns.map(\.title), keyCount: max(1, keys.count), rows: rows)])
    }
}
