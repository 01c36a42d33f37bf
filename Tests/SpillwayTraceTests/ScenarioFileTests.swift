import SpillwayModel
import Testing

@testable import SpillwayTrace

/// What the documented scenarios must hold, counted over the whole without generating it.
struct ScenarioFileTests {
    @Test(arguments: [
        ("norm", 1_500_000, 1), ("telegram-2021-01", 25_000_000, 3), ("telegram-2021-10-04", 70_000_000, 1),
    ])
    func totalIsExact(name: String, registrations: Int, days: Int) throws {
        let trace = try ScenarioTrace(TestScenarios.scenario(name))
        #expect(trace.registrations == registrations)
        #expect(trace.schedule.sliceCount == days * 1440)
        let bySlice = (0..<trace.schedule.sliceCount).map { trace.schedule.total(slice: $0) }
        #expect(bySlice.reduce(0, +) == registrations)
        #expect(try #require(trace.registrationsByRegion).values.reduce(0, +) == registrations)
        #expect(!trace.scenario.references.isEmpty && !trace.scenario.assumed.isEmpty)
    }

    @Test func january2021HasTheDocumentedShares() throws {
        let trace = try ScenarioTrace(TestScenarios.scenario("telegram-2021-01"))
        let regions = try #require(trace.registrationsByRegion)
        #expect(regions[.asia] == 9_500_000)
        #expect(regions[.europe] == 6_750_000)
        #expect(regions[.latinAmerica] == 5_250_000)
        #expect(regions[.mena] == 2_000_000)
        let rest = [Region.northAmerica, .subSaharanAfrica, .oceania].map { regions[$0] ?? 0 }
        #expect(rest.reduce(0, +) == 1_500_000 && !rest.contains(0))
        #expect(trace.scenario.start == Timestamp(year: 2021, month: 1, day: 9))
    }

    @Test func theOutageSurgesFrom1540() throws {
        let trace = try ScenarioTrace(TestScenarios.scenario("telegram-2021-10-04"))
        #expect(trace.scenario.start == Timestamp(year: 2021, month: 10, day: 4))
        let perMinute = (0..<1440).map { trace.schedule.total(slice: $0) }
        let onset = 15 * 60 + 40
        // Before, the norm: 1.5 million a day are 1042 a minute, bent by local time.
        #expect(perMinute[..<onset].allSatisfy { (300...1800).contains($0) })
        // Six hours at ten times the norm and more, and then less and less.
        #expect(perMinute[(onset + 5)..<(onset + 360)].allSatisfy { $0 > 20_000 })
        #expect(perMinute[1439] < perMinute[onset + 360] / 4)
        let regions = try #require(trace.registrationsByRegion)
        let strongest = regions.sorted { $0.value > $1.value }.prefix(2).map(\.key)
        #expect(strongest == [.latinAmerica, .europe])
        let perRegistration = Double(trace.expectedAttempts) / Double(trace.registrations)
        #expect((1.08...1.12).contains(perRegistration))
    }

    @Test func normIsSpreadOverTheDay() throws {
        let trace = try ScenarioTrace(TestScenarios.scenario("norm"))
        let perMinute = (0..<1440).map { trace.schedule.total(slice: $0) }
        #expect(perMinute.allSatisfy { (300...1800).contains($0) })
    }

    @Test(arguments: TestScenarios.names)
    func scaledTraceIsWhatItSays(name: String) throws {
        let scenario = try TestScenarios.scenario(name)
        let scale = 12_345 / Double(scenario.registrations)
        let trace = try ScenarioTrace(scenario, seed: 3, scale: scale)
        var slice = TraceSlice()
        var identities: Set<Identity> = []
        var regions: [Region: Int] = [:]
        var attempts = 0
        let end = scenario.start.rawValue + scenario.durationUs
        for index in 0..<trace.sliceCount {
            try trace.readSlice(index, into: &slice)
            attempts += slice.count
            for attempt in slice.attempts where identities.insert(attempt.registration.identity).inserted {
                regions[try #require(attempt.registration.region), default: 0] += 1
                // The first attempt of an identity is what the store keeps: it belongs to the scenario's days.
                #expect(attempt.registration.registeredAt >= scenario.start)
                #expect(attempt.registration.registeredAt.rawValue < end)
            }
        }
        #expect(identities.count == 12_345)
        #expect(regions == trace.registrationsByRegion)
        #expect(abs(attempts - trace.expectedAttempts) < 300)
        for profile in scenario.regions {
            #expect(abs(Double(regions[profile.region] ?? 0) - profile.share * 12_345) <= 1)
        }
    }
}
