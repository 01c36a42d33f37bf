import SpillwayModel
import Testing

@testable import SpillwayTrace

/// How registrations rise and fall, and where they come from meanwhile.
struct WaveTests {
    private func trace(_ text: String, seed: UInt64 = 1) throws -> ScenarioTrace {
        try ScenarioTrace(Scenario(yaml: text, file: "waves.yaml"), seed: seed)
    }

    private func perMinute(_ trace: ScenarioTrace, _ isCounted: (Schedule.Part) -> Bool = { _ in true }) -> [Int] {
        (0..<trace.schedule.sliceCount).map { slice in
            trace.schedule.countries.indices.filter { isCounted(trace.schedule.countries[$0]) }
                .reduce(0) { $0 + trace.schedule.counters(slice: slice, country: $1).count }
        }
    }

    @Test func surgesBringPeopleOfTheirOwn() throws {
        let trace = try trace(
            """
            name: launch
            start: 2016-07-06T00:00:00Z
            duration: 4h
            registrations: 100_000
            norm: 120_000
            surges:
              - { onset: 2016-07-06T01:00:00Z, plateau: 1h, weight: 1,
                  regions: { Oceania: { share: 100%, countries: { AU: 75%, NZ: 25% } } } }
              - { onset: 2016-07-06T02:00:00Z, plateau: 1h, weight: 3,
                  regions: { North America: { share: 90% , countries: { US: 100% } }, Oceania: { share: 10% } } }
            regions: { Europe: { share: 100% }, Oceania: { share: 0% }, North America: { share: 0% } }
            """)
        let regions = try #require(trace.registrationsByRegion)
        #expect(regions == [.europe: 20_000, .oceania: 26_000, .northAmerica: 54_000])
        let oceania = perMinute(trace) { $0.region == .oceania }
        #expect(oceania[..<60].allSatisfy { $0 == 0 } && oceania[180...].allSatisfy { $0 == 0 })
        #expect(oceania[60..<120].reduce(0, +) == 20_000)
        #expect(perMinute(trace) { $0.country.code == "NZ" }[60..<120].reduce(0, +) == 5000)
        let america = perMinute(trace) { $0.region == .northAmerica }
        #expect(america[120..<180].reduce(0, +) == 54_000)
        #expect(trace.schedule.countries.filter { $0.region == .northAmerica }.map(\.country.code) == ["US"])
    }

    private static let outage = """
        name: outage
        start: 2021-01-15T00:00:00Z
        duration: 10h
        registrations: 600_000
        regions: { Europe: { share: 100%, countries: { FR: 100% } } }
        """

    @Test func whoMetAnOutageComesBack() throws {
        let down = try trace(
            Self.outage
                + "\noutages: [{ from: 2021-01-15T02:00:00Z, until: 2021-01-15T04:00:00Z, trickle: 10%, halfLife: 30m }]"
        )
        let minutes = perMinute(down)
        #expect(minutes.reduce(0, +) == 600_000)
        #expect(minutes[..<120].allSatisfy { abs($0 - 1000) <= 1 })
        #expect(minutes[120..<240].allSatisfy { abs($0 - 100) <= 1 })
        // 108 000 come back, half of them in half an hour.
        let back = minutes[240...].map { $0 - 1000 }
        #expect(abs(back.reduce(0, +) - 108_000) < 400)
        #expect(abs(back[..<30].reduce(0, +) - 54_000) < 400 && back[0] > 2000)
    }

    @Test func whoDoesNotComeBackIsMadeUpFor() throws {
        let lost = try trace(
            Self.outage
                + "\noutages: [{ from: 2021-01-15T02:00:00Z, until: 2021-01-15T04:00:00Z, comeback: 0% }]")
        let minutes = perMinute(lost)
        #expect(minutes[120..<240].allSatisfy { $0 <= 1 })
        #expect(minutes[..<120].allSatisfy { abs($0 - 1250) <= 1 })
    }

    @Test func doorsOpenWithinAMinute() throws {
        let trace = try trace(
            """
            name: doors
            start: 2021-04-28T10:00:00Z
            duration: 1h
            registrations: 60_000
            surges: [{ onset: 2021-04-28T10:30:00Z, halfLife: 60s }]
            regions: { Asia: { share: 100%, countries: { IN: 100% } } }
            """)
        let seconds = try trace.attempts(slice: 30).map {
            Int(($0.registration.registeredAt.rawValue / 1_000_000) % 60)
        }
        let halves = (seconds.filter { $0 < 30 }.count, seconds.filter { $0 >= 30 }.count)
        // Half of all in the first minute; of them, half in 2 − √2 of it, as 2^−½ of the height is left after 30 s.
        #expect(abs(seconds.count - 30_000) < 300)
        #expect(abs(Double(halves.0) / Double(halves.1) - 1.4142) < 0.05)
        #expect(try trace.attempts(slice: 29).isEmpty)
    }

    @Test func weekdaysDiffer() throws {
        let trace = try trace(
            """
            name: week
            start: 2024-04-01T00:00:00Z
            duration: 7d
            registrations: 7_000_000
            weekdays: [100, 100, 100, 100, 100, 50, 50]
            regions: { Europe: { share: 100%, countries: { GB: 100% } } }
            """)
        let minutes = perMinute(trace)
        let days = (0..<7).map { minutes[$0 * 1440..<$0 * 1440 + 1440].reduce(0, +) }
        // A Monday; Great Britain keeps UTC.
        #expect(days[..<5].allSatisfy { abs($0 - 1_166_667) < 10 })
        #expect(days[5...].allSatisfy { abs($0 - 583_333) < 10 })
    }

    /// Of counts whose mean is the same: their variance by their mean, 1 for a Poisson process, more for bursts.
    private func dispersion(_ counts: [Int]) -> Double {
        let mean = Double(counts.reduce(0, +)) / Double(counts.count)
        return counts.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(counts.count) / mean
    }

    private static let even = """
        name: even
        start: 2024-04-01T00:00:00Z
        duration: 6h
        registrations: 360_000
        regions: { Europe: { share: 100%, countries: { GB: 100% } } }
        """

    @Test func burstsAreRandomRatesOfRandomArrivals() throws {
        func secondCounts(_ trace: ScenarioTrace) throws -> [Int] {
            var counts = [Int](repeating: 0, count: 6 * 3600)
            for attempt in try trace.allAttempts() {
                counts[Int((attempt.arrivedAt.rawValue - trace.scenario.start.rawValue) / 1_000_000)] += 1
            }
            return counts
        }
        let smooth = try trace(Self.even)
        #expect(dispersion(perMinute(smooth)) < 0.01)
        #expect(abs(dispersion(try secondCounts(smooth)) - 1) < 0.1)
        let bursts = try trace(Self.even + "\nbursts: { deviation: 50%, span: 30s }")
        #expect(perMinute(bursts).reduce(0, +) == 360_000)
        // A rate of 16.7 a second that itself deviates by half: 1 + 16.7 · 0.25.
        #expect(abs(dispersion(try secondCounts(bursts)) - 5.2) < 1)
        // Over a minute, which is two spans long, the rate's deviation is 0.57 of that of a second (squared).
        #expect((100...190).contains(dispersion(perMinute(bursts))))
        // Bursts of their own for each seed, and the same for the same.
        let again = try trace(Self.even + "\nbursts: { deviation: 50%, span: 30s }")
        let other = try trace(Self.even + "\nbursts: { deviation: 50%, span: 30s }", seed: 2)
        #expect(perMinute(again) == perMinute(bursts) && perMinute(other) != perMinute(bursts))
    }

    @Test func slowlyChangingRatesLeavePoissonArrivals() throws {
        let trace = try trace(Self.even + "\nbursts: { deviation: 0.1%, span: 1h }")
        #expect(abs(dispersion(perMinute(trace)) - 1) < 0.25)
    }

    @Test func wavesKeepTheirShareUnderBursts() throws {
        let trace = try trace(
            """
            name: kept
            start: 2024-04-01T00:00:00Z
            duration: 2h
            registrations: 400_000
            bursts: { deviation: 60% }
            surges:
              - { onset: 2024-04-01T00:00:00Z, plateau: 1h, weight: 1 }
              - { onset: 2024-04-01T01:00:00Z, plateau: 1h, weight: 3 }
            regions: { Europe: { share: 100% } }
            """)
        #expect(abs(perMinute(trace)[..<60].reduce(0, +) - 100_000) < 60)
    }
}
