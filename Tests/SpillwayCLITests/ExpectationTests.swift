import Foundation
import SpillwayModel
import SpillwayTestSupport
import SpillwayTrace
import Testing

@testable import SpillwayCLI

/// What a replay tells the engine to be ready for.
struct ExpectationTests {
    private let directory = TemporaryDirectory()

    @Test func aScenarioKnowsItsRegistrations() throws {
        let trace = try openTrace(calmDay, scale: 0.01)
        #expect(trace.expectedRegistrations(limit: nil) == 15_000)
        #expect(trace.expectedRegistrations(limit: .max) == 15_000)
        #expect(trace.expectedRegistrations(limit: 0) == 0)
        let half = trace.expectedRegistrations(limit: trace.expectedAttempts / 2)
        #expect((7_499...7_501).contains(half))
    }

    @Test func partsAndRepetitionsOfAScenarioAreAboutAsManyAsTheirAttempts() throws {
        let trace = try openTrace(calmDay, scale: 0.01)
        let noon = try #require(Timestamp(rfc3339: "2021-10-03T12:00Z"))
        let parts = try [
            TraceWindow(trace, from: nil, until: noon), TraceWindow(trace, from: noon, until: nil),
        ].map { $0.expectedRegistrations(limit: nil) }
        #expect(parts.allSatisfy { $0 > 4000 && $0 < 11_000 })
        #expect(abs(parts.reduce(0, +) - 15_000) < 1500)
        let repeated = try RepeatedTrace(TraceWindow(trace, from: noon, until: nil), count: 3)
        #expect(repeated.expectedRegistrations(limit: nil) == 3 * parts[1])
    }

    /// Its rows may be retries.
    @Test func aRecordingKnowsNothing() throws {
        let path = directory.path("trace.csv")
        let made = try CommandRun("trace", "generate", calmDay, "--out", path, "--scale", "0.0001")
        #expect(made.status == 0, "\(made.errors)")
        let trace = try openTrace(path)
        #expect(trace.expectedAttempts >= 150 && trace.expectedRegistrations(limit: nil) == 0)
    }
}
