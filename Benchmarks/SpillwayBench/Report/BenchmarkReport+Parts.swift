import SpillwayConsole

extension BenchmarkReport {
    private static let barWidth = 24

    /// What a case's wholes consist of, each part with its median and a bar; empty if it has no parts.
    func tablesOfParts(_ part: Case) -> String {
        var wholes: [String] = []
        for whole in metrics.compactMap(\.whole) where !wholes.contains(whole) { wholes.append(whole) }
        return wholes.compactMap { tableOfParts($0, of: part) }.map { "\n" + $0 }.joined()
    }

    /// Nil if the case has none of them. Shares are of the medians' sum; the longest bar is the largest part's.
    private func tableOfParts(_ whole: String, of part: Case) -> String? {
        let parts = metrics.filter { $0.whole == whole }.compactMap { metric in
            Sample(part.values(metric)).map { (metric: metric, sample: $0) }
        }
        guard let largest = parts.map(\.sample.median).max() else { return nil }
        let sum = parts.reduce(0) { $0 + $1.sample.median }
        var table = Table([.text(whole), .number("median"), .number("min"), .number("max"), .number("%"), .text("")])
        for (metric, sample) in parts {
            let figures = [sample.median, sample.least, sample.greatest].map(metric.formatted)
            let share = Figures.decimal(sum > 0 ? sample.median / sum * 100 : 0, places: 1)
            let bar = Bar.filled(largest > 0 ? sample.median / largest : 0, width: Self.barWidth)
            table.append([metric.title] + figures + [share, bar])
        }
        return table.rendered()
    }
}
