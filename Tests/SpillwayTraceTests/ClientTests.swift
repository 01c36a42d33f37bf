import SpillwayModel
import Testing

@testable import SpillwayTrace

/// What clients do besides asking once, told from what was generated.
struct ClientTests {
    private static let minuteUs: Int64 = 60_000_000

    /// `lines` are added to a scenario of 20 000 registrations in ten minutes.
    private func trace(
        _ lines: String, registrations: Int = 20_000, duration: String = "10m", seed: UInt64 = 1
    ) throws -> ScenarioTrace {
        let text = """
            name: clients
            start: 2024-02-29T23:55:00Z
            duration: \(duration)
            registrations: \(registrations)
            regions: { Europe: { share: 70% }, Oceania: { share: 30% } }
            \(lines)
            """
        return try ScenarioTrace(Scenario(yaml: text, file: "clients.yaml"), seed: seed)
    }

    /// By identity, in order of arrival.
    private func people(_ trace: ScenarioTrace) throws -> [Identity: [Attempt]] {
        var people: [Identity: [Attempt]] = [:]
        var last = Timestamp(rawValue: .min)
        for attempt in try trace.allAttempts() {
            #expect(attempt.arrivedAt >= last)
            last = attempt.arrivedAt
            people[attempt.registration.identity, default: []].append(attempt)
        }
        #expect(people.count == trace.registrations)
        return people
    }

    private func gapsUs(_ attempts: [Attempt]) -> [Int64] {
        let times = attempts.map(\.registration.registeredAt.rawValue)
        return times.dropFirst().map { $0 - times[0] }
    }

    @Test func retriesGoOnForHours() throws {
        let trace = try trace(
            "retries: { share: 90%, limit: 40, base: 5s, factor: 1.5, longest: 20m, jitter: 50% }")
        let repetition = try #require(trace.scenario.clients.retries).repetition
        #expect(repetition.windowUs(of: 40).upperBound > 8 * 3_600_000_000)
        var attempts = 0
        var byCount = [Int](repeating: 0, count: 42)
        for person in try people(trace).values {
            attempts += person.count
            byCount[person.count] += 1
            for (index, gap) in gapsUs(person).enumerated() {
                #expect(repetition.windowUs(of: index + 1).contains(gap))
            }
        }
        #expect(abs(Double(attempts) / Double(trace.expectedAttempts) - 1) < 0.01)
        // Nine tenths go on, each time.
        for count in 1...10 {
            let going = byCount[(count + 1)...].reduce(0, +)
            let there = byCount[count...].reduce(0, +)
            #expect(abs(Double(going) / Double(there) - 0.9) < 0.02)
        }
    }

    @Test func withoutJitterTheStormKeepsStep() throws {
        for person in try people(trace("retries: { share: 50%, limit: 6, base: 30s }")).values {
            #expect(gapsUs(person) == (0..<person.count - 1).map { Int64($0 + 1) * 30_000_000 })
        }
    }

    /// Attempts of one number are spread evenly over their window, whoever's they are.
    @Test func waitsFillTheirWindow() throws {
        let trace = try trace("retries: { share: 100%, limit: 1, base: 20m, jitter: 50% }")
        let gaps = try people(trace).values.map { gapsUs($0)[0] }
        var parts = [Int](repeating: 0, count: 10)
        for gap in gaps { parts[min(9, Int((gap - 600_000_000) / 120_000_000))] += 1 }
        #expect(parts.allSatisfy { abs($0 - 2000) < 100 })
    }

    @Test func doubleTapsFollowTheirOriginalAtOnce() throws {
        let people = try people(trace("doubleTaps: { share: 25%, within: 500ms }\narrivalJitter: 2s"))
        let twice = people.values.filter { $0.count == 2 }
        #expect(people.values.allSatisfy { $0.count <= 2 } && abs(twice.count - 5000) < 100)
        for person in twice {
            #expect((50_000...500_000).contains(gapsUs(person)[0]))
            #expect(person[0].arrivedAt < person[1].arrivedAt)
        }
    }

    @Test func codesAreAskedForAgain() throws {
        let people = try people(trace("resends: { share: 30%, limit: 2, after: 60s, jitter: 20% }"))
        #expect(abs(people.values.filter { $0.count >= 2 }.count - 6000) < 100)
        #expect(abs(people.values.filter { $0.count == 3 }.count - 1800) < 100)
        for person in people.values {
            for (index, gap) in gapsUs(person).enumerated() {
                #expect(abs(gap - Int64(index + 1) * 60_000_000) <= 12_000_000)
            }
        }
    }

    @Test func kindsOfAttemptsGoTogether() throws {
        let trace = try trace(
            """
            arrivalJitter: 1s
            retries: { share: 20%, limit: 3, base: 4s, factor: 2, jitter: 50% }
            doubleTaps: { share: 10% }
            resends: { share: 20%, after: 90s }
            """)
        let people = try people(trace)
        let attempts = people.values.reduce(0) { $0 + $1.count }
        #expect(abs(attempts - trace.expectedAttempts) < 200)
        // 0.2 + 0.04 + 0.008, 0.1 and 0.2 a person, each of their own.
        #expect(abs(attempts - 20_000 - 10_960) < 200)
        #expect(people.values.filter { $0.count == 1 }.count > 10_000)
    }

    @Test func lateOnesComeWithTheTimeTheyWereMadeAt() throws {
        let trace = try trace("late: { share: 10%, by: 2h }\narrivalJitter: 1s")
        let end = trace.scenario.start.rawValue + trace.scenario.durationUs
        var late: [Int64] = []
        for person in try people(trace).values {
            #expect(person.count == 1 && person[0].registration.registeredAt.rawValue < end)
            let delayUs = person[0].arrivedAt.rawValue - person[0].registration.registeredAt.rawValue
            #expect((0...7_200_000_000).contains(delayUs))
            if delayUs > 1_000_000 { late.append(delayUs) }
        }
        #expect(abs(late.count - 2000) < 100)
        #expect(abs(Double(late.filter { $0 > 3_600_000_000 }.count) / 1000 - 1) < 0.1)
    }

    @Test func wrongClocksAreOffByTheSame() throws {
        let trace = try trace(
            "clocks: { share: 20%, skew: 1h }\nretries: { share: 50%, limit: 1, base: 10s }")
        var off = 0
        for person in try people(trace).values {
            let errors = person.map { $0.registration.registeredAt.rawValue - $0.arrivedAt.rawValue }
            #expect(Set(errors).count == 1 && abs(errors[0]) <= 3_600_000_000)
            if errors[0] != 0 { off += 1 }
        }
        #expect(abs(off - 4000) < 250)
    }

    @Test func invalidOnesAreTheirShareOfAll() throws {
        let trace = try trace("invalid: 20%\nretries: { share: 50%, limit: 7, base: 4s }")
        let attempts = try trace.allAttempts()
        let invalid = attempts.filter { attempt in
            let row = attempt.registration
            return row.country == .unknown || row.platform == .invalid || row.source == .invalid || row.latencyUs < 0
        }
        #expect(abs(Double(invalid.count) / Double(attempts.count) - 0.2) < 0.005)
        #expect(abs(attempts.count - trace.expectedAttempts) < 300)
        // Nobody is lost by it.
        let valid = Set(attempts.map(\.registration.identity))
        #expect(valid.count == 20_000)
        #expect(Set(invalid.map { $0.registration.country == .unknown }).count == 2)
        let description = try TraceDescription(describing: trace, threads: 2)
        #expect(description.registrations == 20_000 && description.invalid == invalid.count)
    }

    @Test func answersTakeLongerUnderLoad() throws {
        let calm = try trace("latency: { median: 100ms, p99: 1s }")
        let busy = try trace("latency: { median: 100ms, p99: 1s, capacity: 40, slowdown: 10 }")
        let over = try trace("latency: { median: 100ms, p99: 1s, capacity: 10, slowdown: 10 }")
        func median(_ trace: ScenarioTrace) throws -> Double {
            let latencies = try trace.allAttempts().map(\.registration.latencyUs).sorted()
            return Double(latencies[latencies.count / 2])
        }
        let (a, b, c) = (try median(calm), try median(busy), try median(over))
        // 20 000 in 600 s are 33.3 a second: 1 / (1 − 33.3 / 40) = 6.
        #expect(abs(b / a - 6) < 0.3 && abs(c / a - 10) < 0.3)
    }

    @Test func whoTimesOutTriesAgain() throws {
        let timeoutUs = 500_000
        let trace = try trace(
            """
            latency: { median: 100ms, p99: 1s }
            retries: { timeout: 500ms, limit: 4, base: 2s, factor: 2, jitter: 30% }
            """, registrations: 100_000)
        var (answered, timedOut) = (0, 0)
        for person in try people(trace).values {
            for (index, attempt) in person.enumerated() where index < 4 {
                // A step of the quantiles' table is the grain of the share.
                let isSlow = Int(attempt.registration.latencyUs) > timeoutUs
                let isFollowed = index + 1 < person.count
                if isSlow != isFollowed { #expect(abs(Int(attempt.registration.latencyUs) - timeoutUs) < 2000) }
                if isFollowed { timedOut += 1 } else { answered += 1 }
            }
        }
        // Quantile of ln(5) / σ with σ = ln(10) / 2.326: 5.2 %.
        #expect(abs(Double(timedOut) / Double(timedOut + answered) - 0.052) < 0.003)
    }

    /// More load, longer answers, more retries, more load.
    @Test func loadMakesItsOwnStorm() throws {
        let policy = "retries: { timeout: 1s, limit: 20, base: 60s, jitter: 50% }"
        let calm = try trace("latency: { median: 100ms, p99: 1s }\n\(policy)", duration: "60m")
        let storm = try trace(
            "latency: { median: 100ms, p99: 1s, capacity: 7, slowdown: 30 }\n\(policy)", duration: "60m")
        #expect(storm.expectedAttempts > 3 * calm.expectedAttempts)
        let found = try (0..<storm.sliceCount).reduce(0) { try $0 + storm.attempts(slice: $1).count }
        #expect(abs(Double(found) / Double(storm.expectedAttempts) - 1) < 0.01)
        // The first minutes have room yet; what comes back fills it.
        func attemptsPerRegistration(_ slice: Int) -> Double {
            (1...20).reduce(1) { $0 + storm.forecast.share(of: .retry, $1, slice: slice) }
        }
        #expect(attemptsPerRegistration(0) < attemptsPerRegistration(20) / 2)
    }
}
