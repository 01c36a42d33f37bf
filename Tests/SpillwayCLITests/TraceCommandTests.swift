import Foundation
import SpillwayModel
import SpillwayTestSupport
import Testing

struct TraceCommandTests {
    @Test(arguments: ["head.csv", "head.parquet"])
    func aRecordingReplaysAsItsScenarioDoes(name: String) throws {
        let directory = TemporaryDirectory()
        let file = "\(directory.path)/\(name)"
        let generated = try CommandRun(
            "trace", "generate", calmDay, "--out", file, "--scale", "0.001", "--limit", "800", "--format",
            "json")
        #expect(generated.status == 0, "\(generated.errors)")
        let written = try generated.json([String: Any].self)
        #expect(written["attempts"] as? Int == 800)
        #expect(written["file"] as? String == file)

        let described = try CommandRun("trace", "describe", file, "--format", "json").json([String: Any].self)
        #expect(described["attempts"] as? Int == 800)
        #expect(described["registrations"] as? Int == written["registrations"] as? Int)
        #expect(described["peakPerSecond"] as? Int ?? 0 > 0)
        let regions = try #require(described["regions"] as? [String: Int])
        #expect(regions.values.reduce(0, +) == described["registrations"] as? Int)

        let stores = ["\(directory.path)/recorded", "\(directory.path)/generated"]
        let replays = [[file], [calmDay, "--scale", "0.001", "--limit", "800"]]
        let answers = try zip(stores, replays).map { store, replay in
            #expect(try CommandRun(["replay"] + replay + ["--store", store]).status == 0)
            return try CommandRun(
                "query", "--store", store, "--by", "country,source", "--percentiles", "50,99"
            ).output
        }
        #expect(answers[0] == answers[1])
    }

    @Test func aDescriptionSaysWhenAndDrawsIt() throws {
        let directory = TemporaryDirectory()
        let files = ["day.svg", "day.html"].map { "\(directory.path)/\($0)" }
        let arguments = ["trace", "describe", calmDay, "--scale", "0.001"] + files.flatMap { ["--plot", $0] }
        let table = try CommandRun(arguments)
        #expect(table.status == 0, "\(table.errors)")
        #expect(table.output.contains("Peak minute") && table.output.contains("attempts a second, by region"))
        #expect(table.output.components(separatedBy: "\n").suffix(12).allSatisfy { $0.count <= 100 })
        let drawings = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
        #expect(drawings[0].hasPrefix("<svg ") && drawings[0].hasSuffix("</svg>\n"))
        #expect(drawings[1].hasPrefix("<!DOCTYPE html>") && drawings[1].contains("Sub-Saharan Africa"))
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: directory.path)) == ["day.svg", "day.html"])

        let json = try CommandRun(arguments + ["--format", "json"]).json([String: Any].self)
        let attempts = try #require(json["attempts"] as? Int)
        let registrations = try #require(json["registrations"] as? Int)
        let ratio = try #require(json["attemptsPerRegistration"] as? Double)
        #expect(abs(ratio - Double(attempts) / Double(registrations)) < 0.001)
        let (second, minute) = (json["peakSecondAt"] as? String ?? "", json["peakMinuteAt"] as? String ?? "")
        #expect(Timestamp(rfc3339: second) != nil)
        #expect(Timestamp(rfc3339: minute) != nil && minute.hasSuffix(":00Z"))
    }

    @Test func onlyWhatCanBeDrawnIs() throws {
        let directory = TemporaryDirectory()
        for name in ["day.png", "day", ".svg"] {
            let run = try CommandRun("trace", "describe", calmDay, "--plot", "\(directory.path)/\(name)")
            #expect(run.status == 64)
            #expect(run.errors.contains("--plot"))
        }
        let absent = try CommandRun(
            "trace", "describe", calmDay, "--scale", "0.001", "--plot", "\(directory.path)/absent/day.svg")
        #expect(absent.status == 74)
        #expect(absent.output.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test func whatCannotBeWrittenLeavesNothing() throws {
        let directory = TemporaryDirectory()
        let run = try CommandRun("trace", "generate", calmDay, "--out", "\(directory.path)/day.xlsx")
        #expect(run.status == 65)
        #expect(run.errors.contains(".csv or .parquet"))
        let seeded = try CommandRun("replay", "\(directory.path)/absent.csv", "--store", "s", "--seed", "2")
        #expect(seeded.status == 64)
        let absent = try CommandRun("replay", "\(directory.path)/absent.csv", "--store", "s", "--scale", "2")
        #expect(absent.status == 74)
    }
}
