import Foundation
import SpillwayProgram
import SpillwayTestSupport
import Testing

@testable import SpillwayBench

struct ReportComparisonTests {
    private static let metrics = [
        Metric(name: "rate", title: "rate", better: .higher, places: 1),
        Metric(name: "latencyUs", title: "latency", better: .lower, places: 1),
        Metric(name: "share", title: "share", better: .neither, places: 1),
    ]

    /// Values of all three metrics, those of `settings`.
    private static func report(
        _ values: [Double], command: String = "ingest", settings: [String: String] = ["batch": "1"]
    ) -> BenchmarkReport {
        let repetitions = values.map { ["rate": $0, "latencyUs": $0, "share": $0] }
        return BenchmarkReport(
            command: command, settings: ["trace": "x"], metrics: metrics,
            cases: [.init(settings: settings, repetitions: repetitions)])
    }

    private static func compare(_ first: BenchmarkReport, _ second: BenchmarkReport) throws -> ReportComparison {
        try ReportComparison(("a.json", first), ("b.json", second))
    }

    @Test func `A difference is judged by what is better`() throws {
        let comparison = try Self.compare(Self.report([10, 11, 10, 11]), Self.report([20, 21, 22, 21]))
        #expect(comparison.differences.map(\.verdict) == [.better, .worse, .higher])
        let back = try Self.compare(Self.report([20, 21, 22, 21]), Self.report([10, 11, 10, 11]))
        #expect(back.differences.map(\.verdict) == [.worse, .better, .lower])
        let first = try #require(comparison.differences.first)
        #expect(first.firstMedian == 10.5 && first.secondMedian == 21)
        #expect(first.differencePercent == 100)
        #expect(try #require(first.leastPercent) < 100 && #require(first.leastPercent) > 50)
        #expect(comparison.warnings.isEmpty)
    }

    @Test func `What chance explains is no difference, and one repetition tells nothing`() throws {
        let same = try Self.compare(Self.report([10, 14, 12, 9]), Self.report([11, 13, 9, 14]))
        #expect(same.differences.map(\.verdict) == [.noDifference, .noDifference, .noDifference])
        #expect(same.table().contains("no difference"))
        let one = try Self.compare(Self.report([10]), Self.report([20, 21]))
        #expect(one.differences.map(\.verdict) == [.untested, .untested, .untested])
        #expect(one.differences.allSatisfy { $0.pValue == nil })
    }

    @Test func `Reports of different commands, or without a common case, are refused`() throws {
        let report = Self.report([1, 2])
        for other in [Self.report([1, 2], command: "query"), Self.report([1, 2], settings: ["batch": "2"])] {
            let error = #expect(throws: BenchmarkError.self) { try Self.compare(report, other) }
            #expect(ExitStatus(try #require(error)) == .badInput)
        }
    }

    @Test func `Other machines, settings and cases are warned of`() throws {
        let report = Self.report([1, 2])
        var other = report
        other.machine.kernel += "-other"
        other.machine.revision += "-other"
        other.settings["trace"] = "y"
        other.cases.append(.init(settings: ["batch": "9"], repetitions: []))
        let warnings = try Self.compare(report, other).warnings
        #expect(warnings.count == 3)
        #expect(warnings.first?.contains("different machines") == true)
        other = report
        other.machine.revision += "-other"
        #expect(try Self.compare(report, other).warnings.isEmpty)
    }

    @Test func `A report is read as it was written, and nothing else is taken for one`() throws {
        let directory = TemporaryDirectory()
        var report = Self.report([1.5, 2.25])
        report.derived = ["uslSigma": 0.01]
        let path = try directory.file("report.json", report.json().utf8)
        let read = try BenchmarkReport(contentsOf: path)
        #expect(try read.json() == report.json())

        report.schema += 1
        let newer = try directory.file("newer.json", report.json().utf8)
        let cut = try directory.file("cut.json", report.json().utf8.prefix(200))
        let other = try directory.file("other.json", #"{"schema": 2, "command": "ingest"}"#.utf8)
        for (path, status) in [
            (newer, ExitStatus.badInput), (cut, .badInput), (other, .badInput),
            (directory.path("absent.json"), .inputOutput),
        ] {
            let error = #expect(throws: BenchmarkError.self) { try BenchmarkReport(contentsOf: path) }
            #expect(ExitStatus(try #require(error)) == status, "\(path)")
        }
    }
}
