import Foundation
import SpillwayPlatform
import SpillwayTestSupport
import Testing

/// Children are killed with SIGKILL, which the system gives them no chance to notice: whatever was not handed to the
/// system by then is lost.
struct CrashTests {
    /// After every kill, all that was acknowledged is in the store, once, and the store is exactly what some first
    /// part of the trace makes; at the end it is what a run without kills leaves.
    @Test func whateverIsKilledLosesNothingAndCountsNothingTwice() async throws {
        let campaign = try CrashCampaign()
        // On a thread of its own: it takes minutes, and the few threads that run tests are others' too.
        let tally = try await withCheckedThrowingContinuation { done in
            _ = WorkerThread { done.resume(with: Result { try campaign.run() }) }
        }
        print("SpillwayCrashTests survived \(tally); seed \(campaign.seed)")
        #expect(tally.kills == campaign.kills)
        if campaign.kills >= 100 { #expect(tally.isComplete, "\(tally): kills do not fall everywhere") }
    }

    /// A store belongs to one writer at a time; readers need not ask.
    @Test func aSecondWriterIsRefusedByTheNameOfTheHolder() throws {
        let directory = TemporaryDirectory()
        let scenario = try directory.file("evening.yaml", CrashSetup.eveningScenario.utf8)
        let store = directory.path("store")
        let holder = try ChildProcess(
            ["replay", scenario, "--store", store, "--speed", "1x", "--progress", "json", "--format", "json"])
        _ = try #require(holder.nextErrorLine())

        let second = try Program.run(["replay", scenario, "--store", store, "--resume"])
        #expect(second.status == 1)
        #expect(second.output.isEmpty)
        #expect(second.errors.contains("\(store) is open for writing in process \(holder.id)"), "\(second.errors)")
        #expect(try Program.run(["query", "--store", store]).status == 0)

        // The lock goes with the process, however it ends.
        holder.kill()
        #expect(holder.wait() == .killed(signal: SIGKILL))
        let third = try Program.run(["replay", scenario, "--store", store, "--resume", "--limit", "20"])
        #expect(third.status == 0, "\(third.errors)")
    }
}
