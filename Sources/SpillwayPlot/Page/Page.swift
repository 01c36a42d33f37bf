/// A report as one HTML file that needs nothing else: facts in tables, and charts that tell the values under the
/// pointer.
package struct Page: Sendable {
    package struct Facts: Sendable {
        package var caption: String
        package var rows: [(name: String, text: String)]

        package init(_ caption: String, rows: [(name: String, text: String)]) {
            self.caption = caption
            self.rows = rows
        }
    }

    package var title: String
    package var subtitle: String
    package var facts: [Facts]
    package var charts: [TimeChart]

    package init(title: String, subtitle: String = "", facts: [Facts] = [], charts: [TimeChart]) {
        self.title = title
        self.subtitle = subtitle
        self.facts = facts
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
        markup.open("div", ["class": "facts"])
        for table in facts { append(table, to: &markup) }
        markup.close("div")
        for chart in charts { append(chart, to: &markup) }
        markup.append(verbatim: "<script>\n\(Self.script)</script>\n")
        markup.close("body")
        markup.close("html")
        return markup.text
    }

    private func append(_ facts: Facts, to markup: inout Markup) {
        markup.open("table")
        markup.element("caption", [:], facts.caption)
        for row in facts.rows {
            markup.open("tr")
            markup.element("th", ["scope": "row"], row.name)
            markup.element("td", [:], row.text)
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
