import Testing

@testable import SpillwayBench

struct OpenLoopResultTests {
    private func batch(intendedMs: Int64, sentMs: Int64, answeredMs: Int64) -> AnsweredBatch {
        AnsweredBatch(
            intendedNs: intendedMs * 1_000_000, sentNs: sentMs * 1_000_000, answeredNs: answeredMs * 1_000_000,
            attempts: 10)
    }

    private func result(_ answered: [AnsweredBatch], endMs: Int64) -> OpenLoopResult {
        OpenLoopResult(
            answered: answered, schedule: ArrivalSchedule(startsNs: [endMs * 1_000_000]), warmupNs: 100_000_000)
    }

    @Test func latencyRunsFromTheIntendedStart() {
        let result = result([batch(intendedMs: 100, sentMs: 140, answeredMs: 150)], endMs: 200)
        #expect(abs(result.perBatch.us(atPercentile: 50) / 50_000 - 1) < 0.001)
        #expect(abs(result.lateness.maxUs / 40_000 - 1) < 0.001)
    }

    @Test func warmupIsNotCounted() {
        let result = result(
            [
                batch(intendedMs: 99, sentMs: 99, answeredMs: 5000),
                batch(intendedMs: 100, sentMs: 100, answeredMs: 101),
            ], endMs: 200)
        #expect(result.measured.count == 1)
        #expect(abs(result.perBatch.maxUs / 1000 - 1) < 0.001)
    }

    @Test func whatIsAnsweredAfterTheEndIsShort() {
        let result = result(
            [
                batch(intendedMs: 110, sentMs: 110, answeredMs: 120),
                batch(intendedMs: 190, sentMs: 190, answeredMs: 210),
            ], endMs: 200)
        #expect(result.shortfallPercent == 50)
        #expect(result.offeredPerSecond == 200)
        #expect(result.achievedPerSecond == 100)
    }

    @Test func attemptsWeighAsManyAsABatchHas() {
        var large = batch(intendedMs: 110, sentMs: 110, answeredMs: 130)
        large.attempts = 1000
        let small = (0..<9).map { _ in batch(intendedMs: 110, sentMs: 110, answeredMs: 111) }
        let result = result(small + [large], endMs: 200)
        #expect(result.perBatch.us(atPercentile: 50) < 1100)
        #expect(result.perAttempt.us(atPercentile: 50) > 19_000)
    }
}
