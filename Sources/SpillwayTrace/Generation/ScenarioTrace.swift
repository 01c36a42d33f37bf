public import SpillwayModel

/// The attempts that a scenario describes.
///
/// Every value is computed from the seed, the country and a counter, none from what was made before: so slices
/// can be made in any order on any thread, and nothing is remembered.
public struct ScenarioTrace: Trace {
    public let scenario: Scenario
    public let seed: UInt64
    public let scale: Double
    /// Identities that register in all: the scenario's, times the scale.
    public let registrations: Int

    let schedule: Schedule
    /// In the order of `schedule.countries`.
    let people: [People]
    let numberPlans: [NumberPlan]
    /// By index of region in the scenario.
    let platforms: [WeightedLabels]
    let sources: [WeightedLabels]
    let latency: LatencyDistribution
    let forecast: Forecast
    let followUps: [FollowUp]
    /// Originals that come late.
    let late: FollowUp?
    let clocks: ClockDraw?
    let arrivalJitterUs: UInt64
    /// How many slices after its registration's an attempt arrives at most; an original that is not late.
    let maximumLag: Int
    let originalLag: Int
    /// Attempts that take too long are followed by another.
    let hasTimeout: Bool

    /// The registrations of one country.
    struct People: Sendable {
        var country: Country
        /// Index into `platforms` and `sources`.
        var profile: Int
        var drawKey: UInt64
        /// From counters to the country's telephone numbers.
        var permutation: FeistelPermutation
    }

    /// ``WrongClocks`` in the form that draws are compared with.
    struct ClockDraw: Sendable {
        /// Clocks whose draw out of 2³² is below are wrong.
        var threshold: UInt64
        var skewUs: UInt64
    }

    /// Changes when the same scenario, seed and scale give other attempts than before.
    private static let generation = 2

    /// - Parameters:
    ///   - seed: What the random draws start from.
    ///   - scale: What the registrations are multiplied by, rounded; their shape stays.
    public init(_ scenario: Scenario, seed: UInt64 = 0, scale: Double = 1) throws(TraceError) {
        let scaled = (Double(scenario.registrations) * scale).rounded()
        guard scaled >= 1, scaled <= Double(Scenario.maximumRegistrations) else {
            throw .scale(
                scale,
                reason: """
                    \(scenario.registrations) registrations times this is not within 1 … \
                    \(Scenario.maximumRegistrations)
                    """)
        }
        let key = mix(seed ^ 0x5350_494c_4c57_4159)
        self.scenario = scenario
        self.seed = seed
        self.scale = scale
        registrations = Int(scaled)
        do throws(ScenarioError) {
            schedule = try Schedule(scenario, registrations: registrations, key: key)
        } catch {
            throw .scenario(error)
        }
        people = schedule.countries.map { part in
            let countryKey = mix(key &+ UInt64(part.country.index))
            return People(
                country: part.country,
                profile: scenario.regions.firstIndex { $0.region == part.region } ?? 0,
                drawKey: mix(countryKey &+ 1),
                permutation: FeistelPermutation(
                    domain: NumberPlan.of(part.country).capacity, key: mix(countryKey &+ 2)))
        }
        numberPlans = schedule.countries.map { NumberPlan.of($0.country) }
        platforms = scenario.regions.map { WeightedLabels($0.platforms) }
        sources = scenario.regions.map { WeightedLabels($0.sources) }
        let clients = scenario.clients
        latency = LatencyDistribution(medianUs: scenario.latency.medianUs, p99Us: scenario.latency.p99Us)
        followUps = FollowUp.all(of: clients)
        late = clients.late.map { late in
            FollowUp(.late, [FollowUp.Window(shortestUs: 0, spreadUs: late.byUs)], arrivalJitterUs: 0)
        }
        forecast = Forecast(scenario, schedule, followUps, latency, scale: scale)
        clocks = clients.clocks.map { clocks in
            ClockDraw(threshold: UInt64((clocks.share * 0x1p32).rounded()), skewUs: UInt64(clocks.skewUs))
        }
        arrivalJitterUs = UInt64(clients.arrivalJitterUs)
        originalLag = clients.arrivalJitterUs > 0 ? 1 : 0
        maximumLag = (followUps + [late].compactMap(\.self)).reduce(originalLag) {
            max($0, $1.numbersByLag.count - 1)
        }
        if case .timeoutUs = clients.retries?.cause { hasTimeout = true } else { hasTimeout = false }
    }

    public var name: String { scenario.name }

    public var fingerprint: UInt64 {
        let words = [UInt64(Self.generation), scenario.digest, seed, scale.bitPattern]
        return words.reduce(0) { mix($0 ^ $1) &+ 1 }
    }

    /// One for each minute, and as many as it takes for all further attempts of the last one to arrive.
    public var sliceCount: Int { schedule.sliceCount + maximumLag }

    public var expectedAttempts: Int { Int(forecast.expectedAttempts.rounded()) }

    public var registrationsByRegion: [Region: Int]? {
        schedule.countries.reduce(into: [:]) { $0[$1.region, default: 0] += $1.total }
    }
}
