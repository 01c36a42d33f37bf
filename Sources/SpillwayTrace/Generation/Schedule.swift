internal import SpillwayModel

/// How many registrations each country has in each slice of time: a table of running totals, so that any slice
/// can be made by itself.
///
/// Each country's total is its exact part of the whole, spread over time by the scenario's norm and surges and by
/// the local time of day. The curve of a day moves a country's registrations in time, never to another country.
struct Schedule: Sendable {
    /// Length of a slice.
    static let sliceUs = 60 * Timestamp.microsecondsPerSecond

    let sliceCount: Int
    /// Countries that have any registration; at most 256.
    let countries: [Part]
    /// Where in a slice its registrations are.
    let seconds: SecondShapes
    /// Registrations of country c before slice s, at s · countries.count + c; one slice more than there are.
    private let before: [UInt32]
    /// By slice.
    private let sliceTotals: [Int]

    struct Part: Sendable {
        var country: Country
        var region: Region
        var total: Int
    }

    func counters(slice: Int, country: Int) -> Range<UInt64> {
        let index = slice * countries.count + country
        return UInt64(before[index])..<UInt64(before[index + countries.count])
    }

    func total(slice: Int) -> Int { sliceTotals[slice] }

    /// - Parameter registrations: In all; what `scenario` says, times a scale.
    init(_ scenario: Scenario, registrations: Int, key: UInt64) throws(ScenarioError) {
        let sliceCount = Int(scenario.durationUs / Self.sliceUs)
        let bursts = scenario.bursts.map { BurstSeries($0, minutes: sliceCount, key: mix(key &+ 0x6275_7273)) }
        let audiences = Audience.all(of: scenario)
        let totals = apportion(registrations, by: audiences.map(\.share))
        var parts: [Country: CountrySeries] = [:]
        for (audience, total) in zip(audiences, totals) where total > 0 {
            let waves = Waves(audience, scenario, sliceCount: sliceCount, bursts: bursts)
            for (share, total) in zip(audience.regions, apportion(total, by: audience.regions.map(\.share)))
            where total > 0 {
                var shapes: [Int: Waves.Shape] = [:]
                for (weight, total) in zip(share.countries, apportion(total, by: share.countries.map(\.weight)))
                where total > 0 {
                    let offset = Demographics.of(weight.country).utcOffsetMinutes
                    let shape = shapes[offset] ?? waves.shape(share.profile, utcOffsetMinutes: offset)
                    shapes[offset] = shape
                    var series = parts[weight.country] ?? CountrySeries(share, weight.country, sliceCount)
                    series.add(total, shape, key: mix(key ^ UInt64(weight.country.index)), isRandom: bursts != nil)
                    parts[weight.country] = series
                }
            }
        }
        let series = parts.values.sorted { $0.country.index < $1.country.index }
        for country in series { try country.checkCapacity(file: scenario.file) }
        self.sliceCount = sliceCount
        countries = series.map { Part(country: $0.country, region: $0.region, total: $0.total) }
        before = (0...sliceCount).flatMap { slice in series.map { $0.before[slice] } }
        sliceTotals = (0..<sliceCount).map { slice in
            series.reduce(0) { $0 + Int($1.before[slice + 1] - $1.before[slice]) }
        }
        seconds = SecondShapes(scenario, audiences, sliceCount: sliceCount, bursts: bursts)
    }
}

/// Whom some of a scenario's waves bring: a part of its registrations that has its own shares of regions.
struct Audience: Sendable {
    struct RegionShare: Sendable {
        var profile: RegionProfile
        var share: Double
        var countries: [(country: Country, weight: Double)]
        /// Where it is in the file.
        var line: Int
    }

    /// Of all registrations.
    var share: Double
    var regions: [RegionShare]
    var hasNorm: Bool
    var surges: [Surge]

    /// The people of the norm and of the surges that bring the same, then those of each surge that brings others.
    static func all(of scenario: Scenario) -> [Audience] {
        let weight = scenario.surges.reduce(0) { $0 + $1.weight }
        let surgeShare = 1 - scenario.normShare
        let common = scenario.surges.filter { $0.regions == nil }
        let commonWeight = common.reduce(0) { $0 + $1.weight }
        let regions = scenario.regions.map {
            RegionShare(profile: $0, share: $0.share, countries: $0.countries, line: $0.line)
        }
        var audiences = [
            Audience(
                share: weight == 0 ? 1 : scenario.normShare + surgeShare * commonWeight / weight, regions: regions,
                hasNorm: true, surges: common)
        ]
        for surge in scenario.surges {
            guard let shares = surge.regions else { continue }
            let regions = shares.compactMap { share in
                scenario.regions.first { $0.region == share.region }.map {
                    RegionShare(profile: $0, share: share.share, countries: share.countries, line: share.line)
                }
            }
            audiences.append(
                Audience(share: surgeShare * surge.weight / weight, regions: regions, hasNorm: false, surges: [surge]))
        }
        return audiences
    }
}

/// One country's registrations over time, while they are added up.
private struct CountrySeries {
    let country: Country
    let region: Region
    private let line: Int
    private(set) var total = 0
    /// Before each slice, and in all.
    private(set) var before: [UInt32]

    init(_ share: Audience.RegionShare, _ country: Country, _ sliceCount: Int) {
        self.country = country
        region = share.profile.region
        line = share.line
        before = [UInt32](repeating: 0, count: sliceCount + 1)
    }

    /// Adds `part` registrations in proportion to the steps of `shape`; each slice's number is even, or random around
    /// its share.
    mutating func add(_ part: Int, _ shape: Waves.Shape, key: UInt64, isRandom: Bool) {
        let cumulative = isRandom ? shape.drawn(total: part, key: mix(key &+ UInt64(total))) : shape.cumulative
        // A phase of its own, lest all small countries step in the same minute.
        let phase = Double(key >> 11) / Double(1 << 53)
        for slice in 0..<before.count - 1 {
            before[slice] += UInt32(min(Double(part) * cumulative[slice] + phase, Double(part)))
        }
        before[before.count - 1] += UInt32(part)
        total += part
    }

    func checkCapacity(file: String) throws(ScenarioError) {
        let capacity = NumberPlan.of(country).capacity
        guard total > capacity else { return }
        throw ScenarioError(
            file: file, line: line, key: "regions.\(region.rawValue)",
            problem: """
                found \(total) registrations in \(country.name), which has \(capacity) telephone numbers; lower the \
                region's share, the registrations or the scale, or set the share of \(country.code) under countries
                """)
    }
}
