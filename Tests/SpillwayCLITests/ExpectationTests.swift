import Foundation
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

    /// Its rows may be retries.
    @Test func aRecordingKnowsNothing() throws {
        let path = directory.path("trace.csv")
        let made = try CommandRun("trace", "generate", calmDay, "--out", path, "--scale", "0.0001")
        #expect(made.status == 0, "\(made.errors)")
        let trace = try openTrace(path)
        #expect(trace.expectedAttempts >= 150 && trace.expectedRegistrations(limit: nil) == 0)
    }
}
