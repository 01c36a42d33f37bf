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
    let outages: [Outage]
    /// Nil: registrations are as even as their number allows.
    let bursts: Bursts?
    let regions: [RegionProfile]
    let clients: Clients
    let latency: LatencyProfile

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
    /// Of the registrations of the norm, and of all surges that do not say otherwise.
    var share: Double
    /// How busy each hour of the local day is, against the others: 24 positive numbers.
    var hourly: [Double]
    /// How busy each local day of the week is, against the others, from Monday: 7 positive numbers.
    var weekdays: [Double]
    /// Weights of the countries in the region; those that are not here have none.
    var countries: [(country: Country, weight: Double)]
    var platforms: [(label: Label, weight: Double)]
    var sources: [(label: Label, weight: Double)]
    /// Where the region is in the file.
    var line: Int
}
