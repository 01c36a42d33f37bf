import SpillwayConsole

/// Questions, a line each, with what every engine took for it side by side: median, least and greatest.
struct QuestionTable {
    private let report: BenchmarkReport
    private let questions: [Question]
    private let engines: [String]

    init(_ report: BenchmarkReport, _ questions: [Question], _ engines: [String]) {
        self.report = report
        self.questions = questions
        self.engines = engines
    }

    func rendered() -> String {
        var table = Table([.text("ms: median (min–max)"), .number("reach")] + engines.map { .number($0) })
        for question in questions {
            let reach = question.reachMs.map { Figures.decimal($0, places: 0) } ?? ""
            table.append([question.name, reach] + engines.map { cell(question.name, $0) })
        }
        let settings = BenchmarkReport.line(of: report.settings)
        return "\(report.command): \(settings)\n\(report.machine.summary)\n\n" + table.rendered()
            + report.notes.map { "\n" + $0 }.joined() + (report.notes.isEmpty ? "" : "\n")
    }

    private func cell(_ question: String, _ engine: String) -> String {
        let part = report.cases.first { $0.settings["question"] == question && $0.settings["engine"] == engine }
        guard let sample = Sample(part?.repetitions.compactMap { $0["milliseconds"] } ?? []) else { return "" }
        let places = sample.median < 10 ? 2 : 0
        let range = [sample.least, sample.greatest].map { Figures.decimal($0, places: places) }
        return "\(Figures.decimal(sample.median, places: places)) (\(range[0])–\(range[1]))"
    }
}
