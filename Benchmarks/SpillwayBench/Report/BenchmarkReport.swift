import Foundation

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
        /// What people should know beside the figures.
        var note: String?

        func values(_ metric: Metric) -> [Double] { repetitions.compactMap { $0[metric.name] } }
    }

    var schema = BenchmarkReport.currentSchema
    var command: String
    var machine = Machine.current
    /// What all cases have in common, by the option's name.
    var settings: [String: String]
    var metrics: [Metric]
    var cases: [Case]
    /// Figures that follow from all cases together, such as a fit's coefficients, by name.
    var derived: [String: Double] = [:]
    /// What people should know of all of it.
    var notes: [String] = []

    func json() throws -> String { try Self.encoded(self) }

    static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
