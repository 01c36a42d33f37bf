import Foundation
import SpillwayConsole

/// What every sub-command prints: for people a table, for scripts and for `compare` JSON with every repetition.
struct BenchmarkReport: Codable {
    /// Of this form; one more with each change that a reader has to know of.
    static let currentSchema = 2

    /// One combination of settings, measured as often as was asked for.
    struct Case: Codable {
        /// What sets this case apart from the others, by the option's name: `producers`: `2`.
        var settings: [String: String]
        /// In the order in which they ran; by ``Metric/name``.
        var repetitions: [[String: Double]]

        func values(_ metric: Metric) -> [Double] { repetitions.compactMap { $0[metric.name] } }
    }

    var schema = BenchmarkReport.currentSchema
    var command: String
    var machine = Machine.current
    /// What all cases have in common, by the option's name.
    var settings: [String: String]
    var metrics: [Metric]
    var cases: [Case]

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// A line for each case and metric: median, least and greatest.
    func table() -> String {
        let common = settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        var text = "\(command): \(common)\n\(machine.summary)\n\n"
        for part in cases {
            if !part.settings.isEmpty {
                text +=
                    part.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                    .joined(separator: ", ") + "\n"
            }
            text += table(of: part) + "\n"
        }
        return text
    }

    private func table(of part: Case) -> String {
        var table = Table([.text(""), .number("median"), .number("min"), .number("max")])
        for metric in metrics {
            guard let sample = Sample(part.values(metric)) else { continue }
            table.append([metric.title] + [sample.median, sample.least, sample.greatest].map(metric.formatted))
        }
        return table.rendered()
    }
}
