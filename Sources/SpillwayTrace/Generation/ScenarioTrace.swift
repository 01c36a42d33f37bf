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
    let retries: RetryTiming
    let arrivalJitterUs: UInt64

    /// The registrations of one country.
    struct People: Sendable {
        var country: Country
        /// Index into `platforms` and `sources`.
        var profile: Int
        var drawKey: UInt64
        /// From counters to the country's telephone numbers.
        var permutation: FeistelPermutation
    }

    /// Changes when the same scenario, seed and scale give other attempts than before.
    private static let generation = 1

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
        latency = LatencyDistribution(medianUs: scenario.medianLatencyUs, p99Us: scenario.p99LatencyUs)
        retries = RetryTiming(scenario.retries)
        arrivalJitterUs = UInt64(scenario.arrivalJitterUs)
    }

    public var name: String { scenario.name }

    public var fingerprint: UInt64 {
        let words = [UInt64(Self.generation), scenario.digest, seed, scale.bitPattern]
        return words.reduce(0) { mix($0 ^ $1) &+ 1 }
    }

    /// One for each minute, and one for what arrives after the last.
    public var sliceCount: Int { schedule.sliceCount + 1 }

    public var expectedAttempts: Int {
        Int((Double(registrations) * scenario.retries.attemptsPerRegistration).rounded())
    }

    public var registrationsByRegion: [Region: Int]? {
        schedule.countries.reduce(into: [:]) { $0[$1.region, default: 0] += $1.total }
    }
}

/// A ``RetryPolicy`` in the form that draws are compared with.
struct RetryTiming: Sendable {
    let limit: Int
    /// A registration has at least k retries if its draw out of 2³² is below entry k − 1.
    private let thresholds: [UInt64]
    /// Wait before retry k, at k − 1: the shortest, and what may come on top.
    private let shortestUs: [UInt64]
    private let spreadUs: [UInt64]
    let horizonUs: UInt64

    init(_ policy: RetryPolicy) {
        limit = policy.limit
        let numbers = policy.limit > 0 ? Array(1...policy.limit) : []
        var share = 1.0
        thresholds = numbers.map { _ in
            share *= policy.share
            return UInt64((share * 4_294_967_296).rounded())
        }
        let waits = numbers.map { policy.waitUs(before: $0) }
        shortestUs = waits.map { UInt64($0.lowerBound) }
        spreadUs = waits.map { UInt64($0.upperBound - $0.lowerBound) }
        horizonUs = UInt64(policy.horizonUs)
    }

    @inline(__always)
    func hasRetry(_ number: Int, _ bits: UInt64) -> Bool {
        number <= limit && bits < thresholds[number - 1]
    }

    /// From the attempt before to retry `number`, by 32 random bits.
    @inline(__always)
    func waitUs(before number: Int, _ bits: UInt64) -> UInt64 {
        shortestUs[number - 1] + scaled(bits, to: spreadUs[number - 1])
    }
}
