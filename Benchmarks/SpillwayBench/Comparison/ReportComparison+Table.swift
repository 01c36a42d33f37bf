import SpillwayConsole

extension ReportComparison {
    /// A line for each metric, under its case.
    func table() -> String {
        var text = "\(compared): \(first) → \(second)\n"
        text += warnings.map { "warning: \($0)\n" }.joined() + "\n"
        var rest = differences[...]
        while let settings = rest.first?.settings {
            let part = rest.prefix { $0.settings == settings }
            rest = rest.dropFirst(part.count)
            if !settings.isEmpty { text += BenchmarkReport.line(of: settings) + "\n" }
            text += table(of: part) + "\n"
        }
        return text + advice + "\n"
    }

    private func table(of differences: ArraySlice<Difference>) -> String {
        var table = Table([
            .text(""), .number("median"), .number("median"), .number("difference"), .number("95 % interval"), .text(""),
        ])
        for difference in differences {
            guard let metric = metrics.first(where: { $0.name == difference.metric }) else { continue }
            table.append([
                metric.title, metric.formatted(difference.firstMedian), metric.formatted(difference.secondMedian),
                Self.percent(difference.differencePercent),
                difference.leastPercent == nil
                    ? "" : "\(Self.percent(difference.leastPercent)) … \(Self.percent(difference.greatestPercent))",
                difference.verdict.rawValue,
            ])
        }
        return table.rendered()
    }

    /// Differences are of means, and so many tests find some by chance.
    private var advice: String {
        let tested = differences.count { $0.pValue != nil }
        let byChance = Figures.decimal(Double(tested) * WelchTest.significance, places: 1)
        return """
            Differences are of the means. \(tested) were tested at 5 %: if nothing had changed, about \(byChance) would \
            still be called different.
            """
    }

    private static func percent(_ value: Double?) -> String {
        value.map { ($0 > 0 ? "+" : "") + Figures.decimal($0, places: 2) + " %" } ?? ""
    }
}
