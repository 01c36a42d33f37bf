import SpillwayLatency
import Testing

@testable import SpillwayBench

struct OpenLoopResultTests {
    private func batch(intendedMs: Int64, sentMs: Int64, answeredMs: Int64) -> AnsweredBatch {
        AnsweredBatch(
            intendedNs: intendedMs * 1_000_000, sentNs: sentMs * 1_000_000, answeredNs: answeredMs * 1_000_000,
            attempts: 10)
    }

    private func result(_ answered: [AnsweredBatch]) -> OpenLoopResult {
        OpenLoopResult(answered: answered, warmupNs: 100_000_000)
    }

    @Test func latencyRunsFromTheIntendedStart() {
        let result = result([batch(intendedMs: 100, sentMs: 140, answeredMs: 150)])
        #expect(abs(result.perBatch.us(atPercentile: 50) / 50_000 - 1) < 0.001)
        #expect(abs(result.lateness.maxUs / 40_000 - 1) < 0.001)
    }

    @Test func warmupIsNotCounted() {
        let result = result(
            [
                batch(intendedMs: 99, sentMs: 99, answeredMs: 5000),
                batch(intendedMs: 100, sentMs: 100, answeredMs: 101),
            ])
        #expect(result.measured.count == 1)
        #expect(abs(result.perBatch.maxUs / 1000 - 1) < 0.001)
    }

    @Test func aLatencyThatGrowsIsAShortfallAndOneThatDoesNotIsNone() {
        let steady = (0...10).map { batch(intendedMs: 100 + $0 * 10, sentMs: 100, answeredMs: 150 + $0 * 10) }
        #expect(result(steady).shortfallPercent == 0)
        #expect(result(steady).offeredPerSecond == 1100)
        let growing = (0...10).map { batch(intendedMs: 100 + $0 * 10, sentMs: 100, answeredMs: 150 + $0 * 20) }
        #expect(result(growing).shortfallPercent == 50)
        #expect(result(growing).achievedPerSecond == 550)
    }

    @Test func whatIsRefusedIsNotAchieved() {
        var batches = (0...10).map { batch(intendedMs: 100 + $0 * 10, sentMs: 100, answeredMs: 150 + $0 * 10) }
        (batches[3].attempts, batches[3].refused) = (0, 10)
        #expect(result(batches).refusedAttempts == 10)
        #expect(result(batches).achievedPerSecond == 1000)
    }

    @Test func attemptsWeighAsManyAsABatchHas() {
        var large = batch(intendedMs: 110, sentMs: 110, answeredMs: 130)
        large.attempts = 1000
        let small = (0..<9).map { _ in batch(intendedMs: 110, sentMs: 110, answeredMs: 111) }
        let result = result(small + [large])
        #expect(result.perBatch.us(atPercentile: 50) < 1100)
        #expect(result.perAttempt.us(atPercentile: 50) > 19_000)
    }
}
