import SpillwayModel
import Testing

@testable import SpillwayBench

struct ArrivalScheduleTests {
    /// Batches of 100 attempts, one a millisecond and then a pause of a second before the last.
    private static let batches: ArraySlice<RegistrationBatch> = (0..<1001).map { index in
        var batch = RegistrationBatch()
        for attempt in 0..<100 {
            let us = index * 1000 + attempt + (index == 1000 ? 1_000_000 : 0)
            batch.append(
                Registration(
                    registeredAt: Timestamp(rawValue: 1_700_000_000_000_000 + Int64(us)),
                    identity: Identity(rawValue: UInt64(index * 100 + attempt)), country: Country("DE")!,
                    platform: Label("android"), source: Label("organic"), latencyUs: 1))
        }
        return batch
    }[...]

    private func schedule(_ arrivals: Arrivals, seed: UInt64 = 1) -> [Int64] {
        ArrivalSchedule(arrivals, of: Self.batches, rate: 1e6, seed: seed).startsNs
    }

    @Test func uniformGapsAreTheBatchesShareOfTheRate() {
        #expect(schedule(.uniform) == (1...1001).map { Int64($0) * 100_000 })
    }

    @Test func poissonGapsHaveTheRateAndTheSpreadOfExponentialOnes() {
        let starts = schedule(.poisson)
        let gaps = zip(starts, [0] + starts).map { Double($0 - $1) }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let deviation = (gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)).squareRoot()
        #expect(abs(mean / 100_000 - 1) < 0.1)
        #expect(abs(deviation / mean - 1) < 0.15)
    }

    @Test func poissonRepeatsItselfForASeed() {
        #expect(schedule(.poisson, seed: 7) == schedule(.poisson, seed: 7))
        #expect(schedule(.poisson, seed: 7) != schedule(.poisson, seed: 8))
    }

    @Test func tracedArrivalsKeepTheTracesShapeAtTheRate() throws {
        let starts = schedule(.traced)
        let last = try #require(starts.last)
        #expect(abs(last - 100_100_000) <= 1)
        // Half of the trace's time is the pause before the last batch.
        #expect(abs(Double(last - starts[999]) / Double(last) - 0.5) < 0.01)
        #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 })
    }
}
