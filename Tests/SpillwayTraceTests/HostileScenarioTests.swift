import SpillwayTestSupport
import Testing

@testable import SpillwayTrace

@Suite struct HostileScenarioTests {
    /// Each list holds the one before twice, and the last is a key, which is hashed: 2³⁰ names long.
    @Test(.timeLimit(.minutes(10))) func aliasesOfAliasesAreRefused() {
        let lists = (1...30).map { "l\($0): &l\($0) [*l\($0 - 1), *l\($0 - 1)]\n" }
        let text = "l0: &l0 [x]\n\(lists.joined())? *l30\n: x\n"
        let error = #expect(throws: ScenarioError.self) { try Scenario(yaml: text, file: "bomb.yaml") }
        #expect(error?.problem.contains("write out") == true)
    }

    /// Keys of keys of keys: each is hashed with all that is in it.
    @Test(.timeLimit(.minutes(10))) func keysOfKeysAreRefused() {
        let text = String(repeating: "? ", count: 900) + "[\(String(repeating: "x, ", count: 20_000))]"
        let error = #expect(throws: ScenarioError.self) { try Scenario(yaml: text, file: "bomb.yaml") }
        #expect(error?.problem.contains("write out") == true)
    }

    /// Questions and products in a story are none of these.
    @Test func ordinaryTextIsNotCounted() throws {
        let story = "story: \"Who? When? How many? 3 * 4, 5 * 6\"\n"
        let scenario = try Scenario(yaml: story + TestScenarios.stormText, file: "storm.yaml")
        #expect(scenario.story.hasPrefix("Who?"))
    }

    /// Swift keeps texts of up to 15 bytes where no pointer to them lasts.
    @Test func theShortestTextsAreReadAsTheyAre() {
        let error = #expect(throws: ScenarioError.self) { try Scenario(yaml: "duratoin: 4m", file: "x.yaml") }
        #expect(error?.description == "x.yaml:1: duratoin: no such key; did you mean 'duration'?")
    }

    @Test func longFilesAreRefused() throws {
        let directory = TemporaryDirectory()
        let path = try directory.file("long.yaml", String(repeating: "# \n", count: 30_000).utf8)
        #expect(throws: TraceError.self) { try Scenario(path: path) }
    }
}
