import SpillwayModel
import Testing

@testable import SpillwayTrace

/// What the documented scenarios must hold, counted over the whole without generating it.
struct ScenarioFileTests {
    @Test(arguments: [
        ("norm", 1_500_000, 24), ("telegram-2021-01", 25_000_000, 72), ("telegram-2021-10-04", 70_000_000, 24),
        ("threads-2023-07-05", 100_000_000, 120), ("bluesky-2024-08-30", 2_110_000, 96),
        ("mastodon-2022-11", 489_003, 264), ("chatgpt-2025-03-31", 1_000_000, 1),
        ("ten-times-telegram", 700_000_000, 24), ("signal-2021-01", 32_687_000, 336),
        ("pokemon-go-2016", 6_850_000, 48),
    ])
    func totalIsExact(name: String, registrations: Int, hours: Int) throws {
        let trace = try TestScenarios.trace(name)
        #expect(trace.registrations == registrations)
        #expect(trace.schedule.sliceCount == hours * 60)
        let bySlice = (0..<trace.schedule.sliceCount).map { trace.schedule.total(slice: $0) }
        #expect(bySlice.reduce(0, +) == registrations)
        #expect(try #require(trace.registrationsByRegion).values.reduce(0, +) == registrations)
        #expect(!trace.scenario.references.isEmpty && !trace.scenario.assumed.isEmpty)
    }

    @Test func january2021HasTheDocumentedShares() throws {
        let trace = try TestScenarios.trace("telegram-2021-01")
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
        let trace = try TestScenarios.trace("telegram-2021-10-04")
        #expect(trace.scenario.start == Timestamp(year: 2021, month: 10, day: 4))
        let perMinute = (0..<1440).map { trace.schedule.total(slice: $0) }
        let onset = 15 * 60 + 40
        // Before, the norm: 1.5 million a day are 1042 a minute, bent by local time and bursts.
        #expect(perMinute[..<onset].allSatisfy { (200...2500).contains($0) })
        // Six hours at ten times the norm and more, and then less and less.
        #expect(perMinute[(onset + 5)..<(onset + 360)].allSatisfy { $0 > 20_000 })
        #expect(perMinute[1439] < perMinute[onset + 360] / 3)
        let regions = try #require(trace.registrationsByRegion)
        let strongest = regions.sorted { $0.value > $1.value }.prefix(2).map(\.key)
        #expect(strongest == [.latinAmerica, .europe])
        let perRegistration = Double(trace.expectedAttempts) / Double(trace.registrations)
        #expect((1.09...1.13).contains(perRegistration))
    }

    /// Millions by hours after the launch.
    @Test(arguments: [(2, 2.0), (4, 5), (7, 10), (16, 30), (40, 70), (120, 100)])
    func threadsReachesItsMarks(hours: Int, millions: Double) throws {
        let trace = try TestScenarios.trace("threads-2023-07-05")
        let midnight = try #require(Timestamp(year: 2023, month: 7, day: 5))
        #expect(trace.scenario.start.rawValue - midnight.rawValue == 23 * 3_600_000_000)
        #expect(abs(Double(registered(in: trace, hours: hours)) / 1e6 - millions) < 0.001)
        // Not offered in the European Union.
        let countries = Set(trace.schedule.countries.map(\.country.code))
        #expect(countries.isDisjoint(with: ["DE", "FR", "ES", "IT", "PL", "RU", "CN"]) && countries.contains("GB"))
    }

    @Test func blueskyIsBrazilian() throws {
        let trace = try TestScenarios.trace("bluesky-2024-08-30")
        let brazil = trace.schedule.countries.filter { $0.country.code == "BR" }.reduce(0) { $0 + $1.total }
        #expect(abs(Double(brazil) / 2_110_000 - 0.85) < 0.0001)
        // Half a million by Friday night, and the norm of those days.
        #expect((500_000...510_000).contains(registered(in: trace, hours: 24)))
        #expect(trace.scenario.normPerDay * 4 == 26_000)
    }

    /// By Tuesday morning, by Saturday, in all.
    @Test(arguments: [(126, 123_562), (216, 230_000), (264, 489_003)])
    func mastodonReachesItsMarks(hours: Int, registrations: Int) throws {
        let trace = try TestScenarios.trace("mastodon-2022-11")
        let found = registered(in: trace, hours: hours)
        #expect(abs(Double(found) / Double(registrations) - 1) < 0.005)
        #expect((60...80).contains(trace.scenario.normPerDay / 24))
    }

    @Test func tenTimesTelegramIsThatDayTenTimes() throws {
        let day = try TestScenarios.scenario("telegram-2021-10-04")
        let planned = try TestScenarios.scenario("ten-times-telegram")
        #expect(planned.registrations == 10 * day.registrations && planned.normPerDay == 10 * day.normPerDay)
        let (one, ten) = try (TestScenarios.trace("telegram-2021-10-04"), TestScenarios.trace("ten-times-telegram"))
        for hours in 1...24 {
            let share = Double(registered(in: ten, hours: hours)) / Double(registered(in: one, hours: hours))
            // The bursts are the same, chance is not.
            #expect(abs(share / 10 - 1) < 0.01)
        }
    }

    /// Millions by minutes after the doors opened, half an hour after the trace begins.
    @Test(arguments: [(0, 0.0), (60, 3.5), (180, 8), (300, 10), (480, 13.2)])
    func cowinReachesItsMarks(minutes: Int, millions: Double) throws {
        let trace = try TestScenarios.trace("cowin-2021-04-28")
        // What is left of the crowd at the doors after an hour.
        #expect(abs(Double(registered(in: trace, minutes: 30 + minutes)) / 1e6 - millions) < 0.001)
        #expect(trace.schedule.countries.map(\.country.code) == ["IN"])
    }

    /// Counted, a hundredth of the day; the capacity goes along.
    @Test func cowinIsAskedFortyEightTimesByEach() throws {
        let trace = try ScenarioTrace(TestScenarios.scenario("cowin-2021-04-28"), scale: 0.01)
        let description = try perMinute(trace)
        let threeHours = description[30..<210].reduce(0, +)
        #expect(abs(Double(threeHours) / 3_830_000 - 1) < 0.015)
        #expect(abs(Double(threeHours) / 80_000 - 48) < 1)
        // Initially as high as 2.7 million a minute; 55 000 a second are 3.3.
        let peak = try #require(description.max())
        #expect((27_000...33_000).contains(peak) && description.firstIndex(of: peak).map { $0 < 90 } == true)
        #expect(description[..<30].allSatisfy { $0 == 0 })
    }

    @Test func signalGoesDownAndComesBackAsAStorm() throws {
        let trace = try ScenarioTrace(TestScenarios.scenario("signal-2021-01"), scale: 0.01)
        let days = (0..<14).map { registered(in: trace, hours: $0 * 24 + 24) - registered(in: trace, hours: $0 * 24) }
        // 17.8 million from the 8th to the 14th, 62 times the week before.
        #expect(abs(Double(days[2...8].reduce(0, +)) / 178_000 - 1) < 0.01)
        #expect(abs(Double(days[0]) * 7 * 62 / 178_000 - 1) < 0.05)
        let hours = (0..<336).map { registered(in: trace, hours: $0 + 1) - registered(in: trace, hours: $0) }
        let (down, up) = (9 * 24 + 15, 10 * 24 + 23)
        let before = hours[down - 24..<down].reduce(0, +) / 24
        #expect(hours[down..<up].allSatisfy { $0 < before / 10 })
        #expect(hours[up] > 5 * before)
        // Attempts pile up: each registration of the second wave tries twice as often as one of the first week.
        func attemptsPerRegistration(_ hours: Range<Int>) throws -> Double {
            let minutes = try perMinute(trace, minutes: hours.lowerBound * 60..<hours.upperBound * 60)
            let people =
                registered(in: trace, hours: hours.upperBound) - registered(in: trace, hours: hours.lowerBound)
            return Double(minutes.reduce(0, +)) / Double(people)
        }
        #expect(try attemptsPerRegistration(up..<up + 3) > 2 * attemptsPerRegistration(96..<120))
    }

    @Test func pokemonGoPassesItsTarget() throws {
        let trace = try TestScenarios.trace("pokemon-go-2016")
        let target = 200
        let minutes = (0..<2880).map { trace.schedule.total(slice: $0) }
        let launch = 6 * 60
        #expect(minutes[..<launch].allSatisfy { $0 == 0 })
        #expect(minutes[launch..<launch + 15].contains { $0 > target })
        // Past the worst case in the first country, ten times that in the second.
        #expect(minutes[launch..<36 * 60].contains { $0 > 5 * target })
        let busiestHour = stride(from: 0, to: 2880, by: 60).map { minutes[$0..<$0 + 60].reduce(0, +) }.max()
        #expect(abs(Double(try #require(busiestHour)) / Double(60 * 50 * target) - 1) < 0.03)
        let unitedStates = try #require(trace.schedule.countries.firstIndex { $0.country.code == "US" })
        #expect((0..<36 * 60).allSatisfy { trace.schedule.counters(slice: $0, country: unitedStates).isEmpty })
        #expect(Set(trace.schedule.countries.map(\.country.code)) == ["AU", "NZ", "US"])
    }

    /// Attempts that arrive in each.
    private func perMinute(_ trace: ScenarioTrace, minutes: Range<Int>? = nil) throws -> [Int] {
        var slice = TraceSlice()
        return try (minutes ?? 0..<trace.sliceCount).map { minute in
            try trace.readSlice(minute, into: &slice)
            return slice.count
        }
    }

    private func registered(in trace: ScenarioTrace, hours: Int) -> Int { registered(in: trace, minutes: hours * 60) }

    private func registered(in trace: ScenarioTrace, minutes: Int) -> Int {
        (0..<minutes).reduce(0) { $0 + trace.schedule.total(slice: $1) }
    }

    @Test func normIsSpreadOverTheDay() throws {
        let trace = try TestScenarios.trace("norm")
        let perMinute = (0..<1440).map { trace.schedule.total(slice: $0) }
        #expect(perMinute.allSatisfy { (300...1800).contains($0) })
    }

    @Test(arguments: TestScenarios.names)
    func scaledTraceIsWhatItSays(name: String) throws {
        let scenario = try TestScenarios.scenario(name)
        let hasWrongClocks = scenario.clients.clocks != nil
        let scale = 12_345 / Double(scenario.registrations)
        let trace = try ScenarioTrace(scenario, seed: 3, scale: scale)
        var slice = TraceSlice()
        var identities: Set<Identity> = []
        var regions: [Region: Int] = [:]
        var attempts = 0
        var outsideDays = 0
        let days = scenario.start.rawValue..<scenario.start.rawValue + scenario.durationUs
        for index in 0..<trace.sliceCount {
            try trace.readSlice(index, into: &slice)
            attempts += slice.count
            for attempt in slice.attempts where identities.insert(attempt.registration.identity).inserted {
                regions[try #require(attempt.registration.region), default: 0] += 1
                outsideDays += days.contains(attempt.registration.registeredAt.rawValue) ? 0 : 1
            }
        }
        // The first attempt of an identity is what the store keeps: it belongs to the scenario's days.
        #expect(outsideDays == 0 || hasWrongClocks)
        #expect(identities.count == 12_345)
        #expect(regions == trace.registrationsByRegion)
        #expect(abs(Double(attempts) / Double(trace.expectedAttempts) - 1) < 0.025)
        guard !scenario.surges.contains(where: { $0.regions != nil }) else { return }
        for profile in scenario.regions {
            #expect(abs(Double(regions[profile.region] ?? 0) - profile.share * 12_345) <= 1)
        }
    }
}
