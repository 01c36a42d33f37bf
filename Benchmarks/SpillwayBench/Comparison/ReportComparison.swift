import Foundation

/// Two reports of one command, case by case and metric by metric.
struct ReportComparison: Codable {
    var schema = BenchmarkReport.currentSchema
    var command = "compare"
    /// The command that was measured.
    var compared: String
    var first: String
    var second: String
    /// Why differences may have other causes than the program.
    var warnings: [String]
    var differences: [Difference]

    /// Those that both have.
    let metrics: [Metric]

    /// - Parameters:
    ///   - first, second: the reports and their files' names.
    /// - Throws: ``BenchmarkError/badInput(path:problem:)`` if the reports are not of one form and command, or have no
    ///   case in common.
    init(
        _ first: (path: String, report: BenchmarkReport), _ second: (path: String, report: BenchmarkReport)
    ) throws {
        guard first.report.command == second.report.command else {
            throw BenchmarkError.badInput(
                path: second.path,
                problem: """
                    a report of '\(second.report.command)', and \(first.path) is one of '\(first.report.command)': \
                    compare reports of one command
                    """)
        }
        compared = first.report.command
        self.first = first.path
        self.second = second.path
        let theirs = Dictionary(second.report.cases.map { ($0.settings, $0) }) { first, _ in first }
        let common = first.report.cases.compactMap { part in theirs[part.settings].map { (part, $0) } }
        guard !common.isEmpty else {
            throw BenchmarkError.badInput(
                path: second.path, problem: "has no case that \(first.path) has too: measure with the same options")
        }
        warnings = Self.warnings(first.report, second.report, commonCases: common.count)
        let metrics = first.report.metrics.filter { metric in
            second.report.metrics.contains { $0.name == metric.name }
        }
        self.metrics = metrics
        differences = common.flatMap { first, second in
            metrics.compactMap { metric in
                Difference(
                    metric, settings: first.settings, from: first.values(metric), to: second.values(metric))
            }
        }
    }

    private static func warnings(
        _ first: BenchmarkReport, _ second: BenchmarkReport, commonCases: Int
    ) -> [String] {
        var warnings: [String] = []
        if !first.machine.isSame(as: second.machine) {
            warnings.append("measured on different machines: \(first.machine.summary); \(second.machine.summary)")
        }
        for key in Set(first.settings.keys).union(second.settings.keys).sorted()
        where first.settings[key] != second.settings[key] {
            let (one, other) = (first.settings[key] ?? "not set", second.settings[key] ?? "not set")
            warnings.append("measured with different settings: \(key) \(one); \(other)")
        }
        let alone = first.cases.count + second.cases.count - 2 * commonCases
        if alone > 0 { warnings.append("\(alone) cases are in one of the reports only") }
        return warnings
    }

    func json() throws -> String { try BenchmarkReport.encoded(self) }
}
