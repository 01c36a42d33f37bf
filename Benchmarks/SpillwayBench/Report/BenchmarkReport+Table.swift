import SpillwayConsole

extension BenchmarkReport {
    /// More figures of a case than these get a table of their own.
    private static let mostInOneTable = 3

    /// A line for each case and metric: median, least and greatest.
    func table() -> String {
        var text = "\(command): \(Self.line(of: settings))\n\(machine.summary)\n\n"
        if cases.count > 1, cases.allSatisfy(fitsOneTable) {
            text += tableOfAll() + "\n"
        } else {
            for part in cases {
                if !part.settings.isEmpty { text += Self.line(of: part.settings) + "\n" }
                text += table(of: part) + tablesOfParts(part)
                if let note = part.note { text += note + "\n" }
                text += "\n"
            }
        }
        return text + notes.map { $0 + "\n" }.joined()
    }

    private func fitsOneTable(_ part: Case) -> Bool {
        part.note == nil && lines(of: part).count <= Self.mostInOneTable && tablesOfParts(part).isEmpty
    }

    static func line(of settings: [String: String]) -> String {
        settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    private func table(of part: Case) -> String {
        var table = Table([.text(""), .number("median"), .number("min"), .number("max")])
        for line in lines(of: part) { table.append(line) }
        return table.rendered()
    }

    /// One table, each case named where it begins.
    private func tableOfAll() -> String {
        let names = Set(cases.flatMap(\.settings.keys)).sorted()
        var table = Table(
            [.text(names.joined(separator: ", ")), .text(""), .number("median"), .number("min"), .number("max")])
        for part in cases {
            let name = names.compactMap { part.settings[$0] }.joined(separator: ", ")
            for (index, line) in lines(of: part).enumerated() { table.append([index == 0 ? name : ""] + line) }
        }
        return table.rendered()
    }

    private func lines(of part: Case) -> [[String]] {
        metrics.filter { $0.whole == nil }.compactMap { metric in
            guard let sample = Sample(part.values(metric)) else { return nil }
            return [metric.title] + [sample.median, sample.least, sample.greatest].map(metric.formatted)
        }
    }
}
