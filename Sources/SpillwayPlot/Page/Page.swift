/// A report as one HTML file that needs nothing else: facts in tables, and charts that tell the values under the
/// pointer.
package struct Page: Sendable {
    package struct Table: Sendable {
        package var caption: String
        /// Names of the columns; none for a list of facts.
        package var columns: [String]
        /// How many cells name a row, from the first.
        package var keyCount: Int
        package var rows: [[String]]

        package init(_ caption: String, columns: [String], keyCount: Int = 1, rows: [[String]]) {
            self.caption = caption
            self.columns = columns
            self.keyCount = keyCount
            self.rows = rows
        }

        package init(_ caption: String, facts: [(name: String, text: String)]) {
            self.init(caption, columns: [], rows: facts.map { [$0.name, $0.text] })
        }
    }

    package var title: String
    package var subtitle: String
    package var tables: [Table]
    package var charts: [any Chart]
    /// Tables below the charts.
    package var details: [Table]

    package init(
        title: String, subtitle: String = "", tables: [Table] = [], charts: [any Chart], details: [Table] = []
    ) {
        self.title = title
        self.subtitle = subtitle
        self.tables = tables
        self.charts = charts
        self.details = details
    }

    package func html() -> String {
        var markup = Markup()
        markup.append(verbatim: "<!DOCTYPE html>\n")
        markup.open("html", ["lang": "en"])
        markup.open("head")
        markup.append(verbatim: "<meta charset=\"utf-8\">\n")
        markup.append(verbatim: "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        markup.append(verbatim: "<meta name=\"color-scheme\" content=\"light dark\">\n")
        markup.element("title", [:], title)
        markup.append(verbatim: "<style>\n\(Palette.style)\(Self.style)</style>\n")
        markup.close("head")
        markup.open("body")
        markup.element("h1", [:], title)
        if !subtitle.isEmpty { markup.element("p", ["class": "subtitle"], subtitle) }
        markup.open("div", ["class": "tables"])
        for table in tables { append(table, to: &markup) }
        markup.close("div")
        for chart in charts { append(chart, to: &markup) }
        for table in details { append(table, to: &markup) }
        markup.append(verbatim: "<script>\n\(Self.script)</script>\n")
        markup.close("body")
        markup.close("html")
        return markup.text
    }

    private func append(_ table: Table, to markup: inout Markup) {
        markup.open("table", table.columns.isEmpty ? [:] : ["class": "numbers"])
        markup.element("caption", [:], table.caption)
        if !table.columns.isEmpty {
            markup.open("tr")
            for (index, column) in table.columns.enumerated() {
                markup.element("th", ["scope": "col", "class": index < table.keyCount ? "key" : ""], column)
            }
            markup.close("tr")
        }
        for row in table.rows {
            markup.open("tr")
            for (index, cell) in row.enumerated() {
                if index < table.keyCount {
                    markup.element("th", ["scope": "row", "class": "key"], cell)
                } else {
                    markup.element("td", [:], cell)
                }
            }
            markup.close("tr")
        }
        markup.close("table")
    }

    private func append(_ chart: any Chart, to markup: inout Markup) {
        let figure = chart.figure
        markup.open("figure", figure.readOut == nil ? [:] : ["tabindex": "0"])
        markup.append(verbatim: figure.svg)
        if let readOut = figure.readOut {
            markup.open("script", ["type": "application/json"])
            markup.append(verbatim: readOut)
            markup.close("script")
            markup.element("div", ["class": "readout", "hidden": ""])
        }
        markup.close("figure")
    }
}
