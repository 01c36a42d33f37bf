/// A report as one HTML file that needs nothing else: facts in tables, and charts that tell the values under the
/// pointer.
package struct Page: Sendable {
    package struct Table: Sendable {
        package var caption: String
        /// Names of the columns; none for a list of facts.
        package var columns: [String]
        /// The first cell of each names the row.
        package var rows: [[String]]

        package init(_ caption: String, columns: [String], rows: [[String]]) {
            self.caption = caption
            self.columns = columns
            self.rows = rows
        }

        package init(_ caption: String, facts: [(name: String, text: String)]) {
            self.init(caption, columns: [], rows: facts.map { [$0.name, $0.text] })
        }
    }

    package var title: String
    package var subtitle: String
    package var tables: [Table]
    package var charts: [TimeChart]

    package init(title: String, subtitle: String = "", tables: [Table] = [], charts: [TimeChart]) {
        self.title = title
        self.subtitle = subtitle
        self.tables = tables
        self.charts = charts
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
            for column in table.columns { markup.element("th", ["scope": "col"], column) }
            markup.close("tr")
        }
        for row in table.rows {
            markup.open("tr")
            for (index, cell) in row.enumerated() {
                if index == 0 { markup.element("th", ["scope": "row"], cell) } else { markup.element("td", [:], cell) }
            }
            markup.close("tr")
        }
        markup.close("table")
    }

    private func append(_ chart: TimeChart, to markup: inout Markup) {
        let drawing = TimeChartDrawing(chart)
        markup.open("figure", ["tabindex": "0"])
        markup.append(verbatim: drawing.svg(style: nil))
        markup.open("script", ["type": "application/json"])
        markup.append(verbatim: drawing.readOut)
        markup.close("script")
        markup.element("div", ["class": "readout", "hidden": ""])
        markup.close("figure")
    }
}
