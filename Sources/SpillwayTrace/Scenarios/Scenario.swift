public import SpillwayModel

/// A recipe for a trace: who registers when, and how their clients behave. Read from a YAML file; traces/ has
/// examples, and says what each key means.
///
/// Reading checks everything, so that a scenario that exists can be generated.
public struct Scenario: Sendable {
    public let name: String
    /// What happened, for people.
    public let story: String
    /// Where the numbers come from.
    public let references: [String]
    /// What nobody documented, and was chosen.
    public let assumed: [String]

    public let start: Timestamp
    package let durationUs: Int64
    /// Identities that register in all.
    public let registrations: Int
    /// Registrations on an ordinary day; what is more belongs to `surges`.
    let normPerDay: Double
    let surges: [Surge]
    let regions: [RegionProfile]
    let retries: RetryPolicy
    /// What an attempt takes to arrive, at most.
    let arrivalJitterUs: Int64
    let medianLatencyUs: Int64
    let p99LatencyUs: Int64

    /// A hash of the file's text.
    let digest: UInt64
    let file: String

    /// The norm's part of all registrations.
    var normShare: Double {
        surges.isEmpty
            ? 1
            : normPerDay * Double(durationUs) / Double(Timestamp.microsecondsPerDay) / Double(registrations)
    }
}

/// A region's part of a scenario.
struct RegionProfile: Sendable {
    var region: Region
    /// Of all registrations.
    var share: Double
    /// How busy each hour of the local day is, against the others: 24 positive numbers.
    var hourly: [Double]
    /// Weights of the countries in the region; those that are not here have none.
    var countries: [(country: Country, weight: Double)]
    var platforms: [(label: Label, weight: Double)]
    var sources: [(label: Label, weight: Double)]
    /// Where the region is in the file.
    var line: Int
}

/// A wave of registrations on top of the norm: up in a straight line, level, then halving again and again.
struct Surge: Sendable {
    var onset: Timestamp
    var riseUs: Int64
    var plateauUs: Int64
    /// Time in which the decay halves it; 0: it stops at once.
    var halfLifeUs: Int64
    /// Of all registrations beyond the norm, against the other surges.
    var weight: Double

    /// Height relative to the plateau.
    func intensity(at time: Timestamp) -> Double {
        let sinceOnset = time.rawValue - onset.rawValue
        guard sinceOnset >= 0 else { return 0 }
        if sinceOnset < riseUs { return Double(sinceOnset) / Double(riseUs) }
        let sincePlateau = sinceOnset - riseUs - plateauUs
        if sincePlateau < 0 { return 1 }
        guard halfLifeUs > 0 else { return 0 }
        let halvings = Double(sincePlateau) / Double(halfLifeUs)
        return halvings < 60 ? PortableMath.exp2(-halvings) : 0
    }
}

/// When clients try again although they were heard: their answer came too late.
struct RetryPolicy: Sendable {
    /// Fits the bits that an attempt's number has in a sort key.
    static let maximumLimit = 7

    /// Of the attempts, those that are followed by another.
    var share: Double
    /// Retries of one registration, at most.
    var limit: Int
    /// Before the first retry.
    var baseUs: Int64
    /// How much longer each wait is than the one before.
    var factor: Double
    /// How far a wait strays either way, as a part of it.
    var jitter: Double

    static let none = RetryPolicy(share: 0, limit: 0, baseUs: 0, factor: 1, jitter: 0)

    /// Shortest and longest wait before retry `number`, from 1.
    func waitUs(before number: Int) -> ClosedRange<Int64> {
        let middle = (1..<number).reduce(Double(baseUs)) { wait, _ in wait * factor }
        return Int64(middle * (1 - jitter))...Int64(middle * (1 + jitter))
    }

    /// From a registration to its last retry, at most.
    var horizonUs: Int64 {
        limit == 0 ? 0 : (1...limit).reduce(0) { $0 + waitUs(before: $1).upperBound }
    }

    /// Attempts per registration, on average.
    var attemptsPerRegistration: Double {
        var attempts = 1.0
        var following = 1.0
        for _ in 0..<limit {
            following *= share
            attempts += following
        }
        return attempts
    }
}
