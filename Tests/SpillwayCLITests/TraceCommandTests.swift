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

    @Test func whatCannotBeWrittenLeavesNothing() throws {
        let directory = TemporaryDirectory()
        let run = try CommandRun("trace", "generate", calmDay, "--out", "\(directory.path)/day.xlsx")
        #expect(run.status == 65)
        #expect(run.errors.contains(".csv or .parquet"))
        let scaled = try CommandRun("replay", "\(directory.path)/absent.csv", "--store", "s", "--scale", "2")
        #expect(scaled.status == 64)
    }
}
