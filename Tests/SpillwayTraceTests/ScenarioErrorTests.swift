import Testing

@testable import SpillwayTrace

struct ScenarioErrorTests {
    struct Slip: CustomTestStringConvertible, Sendable {
        /// What is replaced in the good scenario, and by what.
        var good: String
        var bad: String
        var error: String
        var testDescription: String { bad }

        init(_ good: String, _ bad: String, _ error: String) {
            self.good = good
            self.bad = bad
            self.error = error
        }
    }

    static let slips = [
        Slip("duration: 4m", "duratoin: 4m", ":3: duratoin: no such key; did you mean 'duration'?"),
        Slip("duration: 4m", "xyzzyxyzzy: 4m", ":3: xyzzyxyzzy: no such key; there are name, story,"),
        Slip("duration: 4m", "", ":1: the key 'duration' is missing"),
        Slip("duration: 4m", "duration: 90s", ":3: duration: found '90s'; whole minutes are allowed"),
        Slip("duration: 4m", "duration: 40d", ":3: duration: found '40d'; a length of time such as"),
        Slip("duration: 4m", "duration: [4m]", ":3: duration: found a list of 1; a length of time"),
        Slip("name: storm", "name: { a: b }", ":1: name: found a mapping; text is wanted"),
        Slip("2024-02-29T23:58:00Z", "2023-02-29", ":2: start: found '2023-02-29'; a time such as"),
        Slip("20_000", "-5", ":4: registrations: found '-5'; a whole number from 1 to 4000000000 is allowed"),
        Slip("20_000", "many", ":4: registrations: found 'many'; a whole number"),
        Slip("20_000", "20_000\nnorm: 10_000_000_0", ":5: norm: found 277778 in all; with surges, less than"),
        Slip("2024-03-01T00:00:00Z", "2024-03-02", ":5: surges[0].onset: found '2024-03-02'; a time from"),
        Slip("plateau: 1m", "plateau: 1s", ":5: surges[0]: found less than 1m"),
        Slip("plateau: 1m", "weight: 0", ":5: surges[0].weight: found '0'; a number from"),
        Slip("ios: 25%", "ios: 20%", ":6: platforms: found shares that add up to 95%; they must add up"),
        Slip("ios: 25%", "ios: 125%", ":6: platforms.ios: found '125%'; a share from 0% to 100%"),
        Slip("ios: 25%", "ios: -25%", ":6: platforms.ios: found '-25%'; a share from 0% to 100%"),
        Slip("ios: 25%", "ios: nan", ":6: platforms.ios: found 'nan'; a share"),
        Slip("{ ios: 25%, android: 75% }", "{}", ":6: platforms: found a mapping; 1 to 64 names"),
        Slip("Europe: { share: 60%", "Europe: { share: 50%", ":7: regions: found shares that add up to 90%"),
        Slip("Europe:", "Erope:", ":8: regions.Erope: no such key; did you mean 'Europe'?"),
        Slip("share: 60%,", "share: 60%, curve: [1, 2],", ":8: regions.Europe.curve: found a list of 2; 24"),
        Slip("share: 60%,", "share: 60%, curve: day,", ":8: regions.Europe.curve: found 'day'; 24 positive"),
        Slip("BR: 100%", "XX: 100%", ":9: regions.Latin America.countries.XX: found 'XX'; an ISO 3166-1"),
        Slip(
            "BR: 100%", "FR: 100%", ":9: regions.Latin America.countries.FR: found France, which belongs to"),
        Slip("BR: 100%", "BR: 80%, AR: 30%", ":9: regions.Latin America.countries: found shares that add up"),
        Slip("20_000", "4_000_000_000", ":8: regions.Europe: found 221486 registrations in Andorra, which has"),
        Slip("jitter: 50%", "jitter: 60%", ":11: retries.jitter: found '60%'; 0% to 50% is allowed"),
        Slip("base: 4s", "base: 3s", ":11: retries: found the first after 1s500ms; it must come after"),
        Slip("base: 4s", "base: 10h", ":11: retries: found the last up to 2d18h"),
        Slip("limit: 3", "limit: 256", ":11: retries.limit: found '256'; a whole number from 0 to 255"),
        Slip("share: 50%, limit", "limit", ":11: retries: found both or neither of share and timeout"),
        Slip("share: 50%, limit", "share: 5%, timeout: 1s, limit", ":11: retries: found both or neither"),
        Slip("name: storm", "invalid: 60%\nname: storm", ":1: invalid: found '60%'; 0% to 50% is allowed"),
        Slip("name: storm", "bursts: { deviation: 0% }\nname: storm", ":1: bursts.deviation: found '0%'; more than"),
        Slip("name: storm", "weekdays: [1, 2]\nname: storm", ":1: weekdays: found a list of 2; 7 positive"),
        Slip("name: storm", "late: { share: 1% }\nname: storm", ":1: late: the key 'by' is missing"),
        Slip("plateau: 1m", "plateau: 1m, regions: { Asia: 1 }", ":5: surges[0].regions.Asia: no such key; there are"),
        Slip(
            "plateau: 1m", "plateau: 1m, regions: { Europe: { share: 90% } }",
            ":5: surges[0].regions: found shares that add up to 90%"),
        Slip(
            "platforms:", "outages: [{ from: 2024-02-29T23:00:00Z, until: 2024-03-01 }]\nplatforms:",
            ":6: outages[0].from: found '2024-02-29T23:00:00Z'; a time from"),
        Slip(
            "platforms:", "outages: [{ from: 2024-03-01T00:00:00Z, until: 2024-03-01T00:02:00Z }]\nplatforms:",
            ":6: outages[0].until: found '2024-03-01T00:02:00Z'; a time a minute or more after"),
        Slip("median: 100ms", "slowdown: 3, median: 100ms", ":12: latency: found a slowdown without a capacity"),
        Slip("p99: 1s", "p99: 1ms", ":12: latency.p99: found '1ms'; a length of time"),
        Slip("arrivalJitter: 2s", "name: again", ":1: found the key 'name' twice"),
        Slip("regions:", "regions: [", ":9: not valid YAML: "),
    ]

    @Test(arguments: slips)
    func slipsAreNamed(slip: Slip) throws {
        let text = TestScenarios.stormText.replacing(slip.good, with: slip.bad)
        try #require(text != TestScenarios.stormText)
        do {
            let scenario = try Scenario(yaml: text, file: "storm.yaml")
            _ = try ScenarioTrace(scenario)
            Issue.record("accepted")
        } catch {
            #expect("\(error)".hasPrefix("storm.yaml" + slip.error), "\(error)")
        }
    }

    @Test(arguments: ["", "- a\n- b", "just text", String(repeating: "[", count: 5000)])
    func whatIsNoScenarioIsRefused(text: String) {
        #expect(throws: ScenarioError.self) { try Scenario(yaml: text, file: "x.yaml") }
    }

    @Test func durationsAreReadAndSpelled() {
        #expect(microseconds(of: "6h30m") == 23_400_000_000)
        #expect(microseconds(of: "1.5s") == 1_500_000)
        #expect(microseconds(of: "250ms") == 250_000)
        for text in ["", "5", "m", "5m6h", "5m5m", "1.2.3s", "-1s", "1e9s", "5 m"] {
            #expect(microseconds(of: text) == nil, "\(text)")
        }
        #expect(spelled(us: 23_400_000_000) == "6h30m")
        #expect(spelled(us: 1_600_000) == "1s600ms")
        #expect(spelled(us: 0) == "0s")
    }

    @Test func namesTellWhatATraceIs() {
        #expect("\(openError("a.txt"))".hasPrefix("a.txt: not a trace by its name"))
        #expect("\(openError("/nowhere/a.yaml"))".contains("/nowhere/a.yaml"))
        #expect("\(openError("dir.yaml/a"))".hasPrefix("dir.yaml/a: not a trace by its name"))
    }

    private func openError(_ path: String) -> any Error {
        do {
            _ = try openTrace(path)
            Issue.record("opened")
            return CancellationError()
        } catch {
            return error
        }
    }
}
