import SpillwayModel
import Testing

@testable import SpillwayTrace

struct ScenarioTraceTests {
    @Test func slicesAreTheSameInAnyOrderAndOnAnyThread() async throws {
        let trace = try TestScenarios.storm()
        let inOrder = try (0..<trace.sliceCount).map { try trace.attempts(slice: $0) }
        // Backwards, through one slice that is used again and again.
        var reused = TraceSlice()
        for index in (0..<trace.sliceCount).reversed() {
            try trace.readSlice(index, into: &reused)
            #expect(reused.attempts == inOrder[index])
        }
        let fromTasks = try await withThrowingTaskGroup(of: (Int, [Attempt]).self) { group in
            for index in 0..<trace.sliceCount {
                group.addTask { (index, try trace.attempts(slice: index)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (index, attempts) in inOrder.enumerated() { #expect(fromTasks[index] == attempts) }
    }

    @Test func seedsChooseOtherAttempts() throws {
        let (one, two) = (try TestScenarios.storm(seed: 1), try TestScenarios.storm(seed: 2))
        #expect(try one.allAttempts() == TestScenarios.storm(seed: 1).allAttempts())
        #expect(try one.attempts(slice: 2) != two.attempts(slice: 2))
        #expect(one.fingerprint == (try TestScenarios.storm(seed: 1).fingerprint))
        #expect(one.fingerprint != two.fingerprint)
        #expect(one.fingerprint != (try TestScenarios.storm(seed: 1, scale: 2).fingerprint))
    }

    /// What is generated is part of the interface: the same on every machine, and in every version that does not
    /// say otherwise.
    @Test func generationIsStable() throws {
        let trace = try TestScenarios.storm()
        let hash = try trace.allAttempts().reduce(into: 0 as UInt64) { hash, attempt in
            let row = attempt.registration
            for word in [
                UInt64(row.registeredAt.rawValue), row.identity.rawValue, UInt64(row.latencyUs),
                UInt64(attempt.arrivedAt.rawValue), UInt64(row.platform.name.utf8.count),
                UInt64(row.source.name.utf8.count), UInt64(row.country.callingCode),
            ] { hash = mix(hash ^ word) }
        }
        #expect(hash == 5_898_909_748_376_236_381)
    }

    @Test func arrivalsNeverDecrease() throws {
        let trace = try TestScenarios.storm()
        let attempts = try trace.allAttempts()
        #expect(zip(attempts, attempts.dropFirst()).allSatisfy { $0.arrivedAt <= $1.arrivedAt })
        for index in 0..<trace.sliceCount {
            let start = trace.scenario.start.rawValue + Int64(index) * Schedule.sliceUs
            let range = start..<start + Schedule.sliceUs
            #expect(try trace.attempts(slice: index).allSatisfy { range.contains($0.arrivedAt.rawValue) })
        }
    }

    @Test func retriesComeAfterTheirOriginal() throws {
        let trace = try TestScenarios.storm()
        var people: [Identity: [Attempt]] = [:]
        for attempt in try trace.allAttempts() {
            people[attempt.registration.identity, default: []].append(attempt)
        }
        #expect(people.count == 20_000)
        var byCount = [0, 0, 0, 0, 0]
        let end = trace.scenario.start.rawValue + trace.scenario.durationUs
        for attempts in people.values {
            byCount[attempts.count] += 1
            let first = attempts[0].registration
            #expect(first.registeredAt.rawValue < end)
            for (before, after) in zip(attempts, attempts.dropFirst()) {
                #expect(before.registration.registeredAt < after.registration.registeredAt)
                #expect(after.registration.country == first.country)
                #expect(after.registration.platform == first.platform)
                #expect(after.registration.source == first.source)
            }
            for attempt in attempts {
                let delayUs = attempt.arrivedAt.rawValue - attempt.registration.registeredAt.rawValue
                #expect((0..<2_000_000).contains(delayUs))
            }
        }
        // Half of all attempts are followed by another, three times at most.
        #expect(abs(byCount[1] - 10_000) < 400 && abs(byCount[2] - 5000) < 400)
        #expect(abs(byCount[3] - 2500) < 300 && abs(byCount[4] - 2500) < 300)
    }

    @Test func waitsGrowByTheFactorWithinTheJitter() {
        var repetition = Repetition(
            limit: 4, baseUs: 4_000_000, factor: 2, longestUs: Repetition.maximumHorizonUs, jitter: 0.5)
        #expect(repetition.windowUs(of: 1) == 2_000_000...6_000_000)
        // 4 s and 8 s and 16 s, give or take half of the last.
        #expect(repetition.windowUs(of: 3) == 20_000_000...36_000_000)
        repetition.longestUs = 10_000_000
        #expect(repetition.windowUs(of: 4) == 27_000_000...37_000_000)
    }

    @Test func numbersBelongToTheirCountry() throws {
        for attempt in try TestScenarios.storm().allAttempts() {
            let row = attempt.registration
            let digits = String(row.identity.rawValue)
            #expect(digits.hasPrefix(String(row.country.callingCode)))
            let plan = NumberPlan.of(row.country)
            #expect(
                plan.blocks.contains { ($0..<$0 + plan.blockSize).contains(row.identity.rawValue) })
        }
    }

    @Test func labelsAndCountriesFollowTheirShares() throws {
        let trace = try TestScenarios.storm()
        var brazil = 0
        var ios = 0
        var invitedEuropeans = 0
        var seen: Set<Identity> = []
        for attempt in try trace.allAttempts() where seen.insert(attempt.registration.identity).inserted {
            let row = attempt.registration
            if row.country == Country("BR") { brazil += 1 }
            if row.platform == "ios" { ios += 1 }
            if row.region == .europe && row.source == "invite" { invitedEuropeans += 1 }
            if row.region == .latinAmerica { #expect(row.source == "organic" && row.country.code == "BR") }
        }
        #expect(brazil == 8000)
        #expect(abs(ios - 5000) < 300)
        #expect(abs(invitedEuropeans - 6000) < 300)
    }

    @Test func scaleMultipliesRegistrations() throws {
        #expect(try TestScenarios.storm(scale: 0.1).registrations == 2000)
        #expect(try TestScenarios.storm(scale: 0.000_074).registrations == 1)
        #expect(try TestScenarios.storm(scale: 3).allAttempts().count > 60_000)
        for scale in [0, -1, 1e-9, 1e9, .nan, .infinity] {
            #expect(throws: TraceError.self) { try TestScenarios.storm(scale: scale) }
        }
    }
}
