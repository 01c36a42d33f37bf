import Foundation
import SpillwayPlatform
import SpillwayTestSupport
import Testing

/// Windows, repetitions, rates and interruptions, asked of the built program.
struct ReplayScheduleCommandTests {
    private let directory = TemporaryDirectory()
    private var store: String { "\(directory.path)/store" }

    private func replay(_ extra: String...) throws -> CommandRun {
        try CommandRun(["replay", calmDay, "--store", store, "--scale", "0.001", "--format", "json"] + extra)
    }

    @Test func aRateIsReportedWithItsSchedule() throws {
        let hlog = "\(directory.path)/replay.hlog"
        let run = try replay("--rate", "50k/s", "--hlog", hlog)
        let report = try run.json([String: Any].self)
        #expect(report["accepted"] as? Int == 1500)
        #expect(report["interrupted"] as? Bool == false)
        let lateness = try #require(report["scheduleLatenessUs"] as? [String: Double])
        #expect(Set(lateness.keys) == ["p50", "p99", "max"])
        let latency = try #require(report["latencyUs"] as? [String: Any])
        #expect((latency["all"] as? [String: Double])?["p99.9"] ?? 0 > 0)
        #expect((latency["regions"] as? [String: Any])?["Asia"] != nil)
        #expect((report["backlog"] as? [String: Int])?["peak"] != nil)
        let outcomes = try #require(report["outcomes"] as? [String: [String: Any]])
        #expect(outcomes.values.reduce(0) { $0 + ($1["accepted"] as? Int ?? 0) } == 1500)
        let lines = try String(contentsOfFile: hlog, encoding: .utf8).split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("Tag=Asia,0.000,1.000,") })
    }

    @Test func atFullSpeedThereIsNoSchedule() throws {
        let report = try replay().json([String: Any].self)
        #expect(report["scheduleLatenessUs"] == nil)
        #expect(report["latencyUs"] != nil)
    }

    @Test func windowsThatMeetMakeTheWholeDay() throws {
        let noon = "2021-10-03T12:00:00Z"
        let morning = try replay("--until", noon).json([String: Any].self)
        let evening = try replay("--from", noon).json([String: Any].self)
        let whole = try replay().json([String: Any].self)
        func count(_ report: [String: Any], _ key: String) -> Int { report[key] as? Int ?? -1 }
        #expect(count(morning, "attempts") + count(evening, "attempts") == count(whole, "attempts"))
        #expect(count(morning, "accepted") + count(evening, "accepted") == 1500)
        #expect(count(whole, "accepted") == 0)
        #expect(try replay("--resume").json([String: Any].self)["attempts"] as? Int == 0)
        #expect(try replay("--from", noon, "--resume").status == 65)
    }

    @Test func aWindowWithNothingInItIsBadInput() throws {
        let run = try replay("--from", "2031-01-01")
        #expect(run.status == 65)
        #expect(run.errors.contains("nothing arrives"))
    }

    @Test func repetitionsBringOtherPeople() throws {
        let report = try replay("--repeat", "3").json([String: Any].self)
        #expect(report["accepted"] as? Int == 4500)
    }

    @Test func aRecordingIsScaledByItsPeople() throws {
        let recording = "\(directory.path)/day.parquet"
        #expect(try CommandRun("trace", "generate", calmDay, "--scale", "0.001", "--out", recording).status == 0)
        let arguments = ["replay", recording, "--format", "json", "--scale"]
        let twice = try CommandRun(arguments + ["2", "--store", "\(store)2"]).json([String: Any].self)
        #expect(twice["accepted"] as? Int == 3000)
        let half = try CommandRun(arguments + ["0.5", "--store", "\(store)5"]).json([String: Any].self)
        #expect(abs((half["accepted"] as? Int ?? 0) - 750) < 100)
    }

    @Test(arguments: [
        ["--rate", "5M/s", "--speed", "2x"], ["--rate", "fast"], ["--repeat", "0"], ["--repeat", "10001"],
        ["--from", "noon"],
        ["--from", "2021-10-04", "--until", "2021-10-04"],
    ])
    func wrongUsageIs64(arguments: [String]) throws {
        #expect(try CommandRun(["replay", calmDay, "--store", store] + arguments).status == 64)
        #expect(!FileManager.default.fileExists(atPath: store))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func anInterruptedReplayReportsAndGoesOn(signal: Int32) throws {
        let whole = ["replay", calmDay, "--scale", "0.001", "--format", "json", "--store"]
        // A day at this speed takes longer than the test would ever wait.
        let isSent = Monitor(false)
        let cut = try CommandRun(whole + [store, "--speed", "60x", "--progress", "json"]) { line, process in
            let isFirst = isSent.withLock { isSent in
                defer { isSent = true }
                return !isSent
            }
            // A second one would end the program at once.
            if isFirst { kill(process, signal) }
        }
        #expect(cut.status == 128 + signal, "\(cut.errors)")
        let report = try cut.json([String: Any].self)
        #expect(report["interrupted"] as? Bool == true)
        let sent = try #require(report["attempts"] as? Int)
        #expect(sent > 0 && sent < 1500)
        let rest = try CommandRun(whole + [store, "--resume"]).json([String: Any].self)
        let once = try CommandRun(whole + ["\(store)1"]).json([String: Any].self)
        #expect(sent + (rest["attempts"] as? Int ?? 0) == once["attempts"] as? Int)
        let questions = [
            "query", "--by", "region,platform,source", "--every", "1m", "--percentiles", "50,99", "--store",
        ]
        #expect(try CommandRun(questions + [store]).output == CommandRun(questions + ["\(store)1"]).output)
    }
}
