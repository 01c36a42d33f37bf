internal import SpillwayModel

/// How many registrations each country has in each slice of time: a table of running totals, so that any slice
/// can be made by itself.
///
/// Each country's total is its exact part of the whole, spread over time by the scenario's norm and surges and by
/// the local time of day. The curve of a day moves a country's registrations in time, never to another country.
struct Schedule: Sendable {
    /// Length of a slice. All retries of a registration arrive within the slice after its own.
    static let sliceUs = 60 * Timestamp.microsecondsPerSecond
    /// Fits the bits that it has in a sort key.
    static let maximumPerSlice = 1 << 26 - 1

    let sliceCount: Int
    /// Countries that have any registration; at most 256.
    let countries: [Part]
    /// Registrations of country c before slice s, at s · countries.count + c; one slice more than there are.
    private let before: [UInt32]

    struct Part: Sendable {
        var country: Country
        var region: Region
        var total: Int
    }

    func counters(slice: Int, country: Int) -> Range<UInt64> {
        let index = slice * countries.count + country
        return UInt64(before[index])..<UInt64(before[index + countries.count])
    }

    func total(slice: Int) -> Int {
        countries.indices.reduce(0) { $0 + counters(slice: slice, country: $1).count }
    }

    /// - Parameter registrations: In all; what `scenario` says, times a scale.
    init(_ scenario: Scenario, registrations: Int, key: UInt64) throws(ScenarioError) {
        let sliceCount = Int(scenario.durationUs / Self.sliceUs)
        let totals = apportion(registrations, by: scenario.regions.map(\.share))
        var countries: [Part] = []
        var totalsBefore: [[UInt32]] = []
        let waves = Waves(scenario, sliceCount: sliceCount)
        for (profile, total) in zip(scenario.regions, totals) where total > 0 {
            var shapes: [Int: [Double]] = [:]
            for (weight, part) in zip(
                profile.countries, apportion(total, by: profile.countries.map(\.weight)))
            where part > 0 {
                let country = weight.country
                try Self.checkCapacity(part, of: country, in: profile, file: scenario.file)
                let offset = Demographics.of(country).utcOffsetMinutes
                let shape =
                    shapes[offset] ?? waves.cumulative(hourly: profile.hourly, utcOffsetMinutes: offset)
                shapes[offset] = shape
                // A phase of its own, lest all small countries step in the same minute.
                let phase = Double(mix(key ^ UInt64(country.index)) >> 11) / Double(1 << 53)
                totalsBefore.append(Self.runningTotals(part, shape, phase: phase))
                countries.append(Part(country: country, region: profile.region, total: part))
            }
        }
        self.sliceCount = sliceCount
        self.countries = countries
        before = (0...sliceCount).flatMap { slice in totalsBefore.map { $0[slice] } }
        for slice in 0..<sliceCount {
            for country in countries.indices
            where counters(slice: slice, country: country).count > Self.maximumPerSlice {
                throw ScenarioError(
                    file: scenario.file, line: 1, key: "registrations",
                    problem: """
                        found more than \(Self.maximumPerSlice) a minute in \(countries[country].country.name); \
                        spread them over more time
                        """)
            }
        }
    }

    /// `total` spread in proportion to the steps of `shape`, which goes from 0 to 1.
    private static func runningTotals(_ total: Int, _ shape: [Double], phase: Double) -> [UInt32] {
        var running = shape.map { UInt32(min(Double(total) * $0 + phase, Double(total))) }
        running[running.count - 1] = UInt32(total)
        return running
    }

    private static func checkCapacity(
        _ total: Int, of country: Country, in profile: RegionProfile, file: String
    ) throws(ScenarioError) {
        let capacity = NumberPlan.of(country).capacity
        guard total > capacity else { return }
        throw ScenarioError(
            file: file, line: profile.line, key: "regions.\(profile.region.rawValue)",
            problem: """
                found \(total) registrations in \(country.name), which has \(capacity) telephone numbers; lower \
                the region's share, the registrations or the scale, or set the share of \(country.code) under \
                countries
                """)
    }
}

/// How the norm and the surges of a scenario rise and fall, before local time bends them.
private struct Waves {
    let start: Timestamp
    /// Part of all registrations, and height of each slice.
    let waves: [(share: Double, heights: [Double])]

    init(_ scenario: Scenario, sliceCount: Int) {
        start = scenario.start
        let normShare = scenario.normShare
        let surgeWeight = scenario.surges.reduce(0) { $0 + $1.weight }
        var waves = [(share: normShare, heights: [Double](repeating: 1, count: sliceCount))]
        for surge in scenario.surges {
            let heights = (0..<sliceCount).map { Self.height(of: surge, slice: $0, from: scenario.start) }
            waves.append(((1 - normShare) * surge.weight / surgeWeight, heights))
        }
        self.waves = waves
    }

    /// Mean over a slice, sampled in the middle of every second.
    private static func height(of surge: Surge, slice: Int, from start: Timestamp) -> Double {
        let seconds = Schedule.sliceUs / Timestamp.microsecondsPerSecond
        let sliceStart = start.rawValue + Int64(slice) * Schedule.sliceUs
        return (0..<seconds).reduce(0) { sum, second in
            let time = sliceStart + second * Timestamp.microsecondsPerSecond + 500_000
            return sum + surge.intensity(at: Timestamp(rawValue: time))
        } / Double(seconds)
    }

    /// The part of a country's registrations before each slice, from 0 to 1. Every wave keeps its share of the
    /// whole, however the local day bends it.
    func cumulative(hourly: [Double], utcOffsetMinutes: Int) -> [Double] {
        let local = localActivity(hourly: hourly, utcOffsetMinutes: utcOffsetMinutes)
        var steps = [Double](repeating: 0, count: local.count)
        for (share, heights) in waves {
            let bent = zip(heights, local).map { $0 * $1 }
            let sum = bent.reduce(0, +)
            for slice in steps.indices { steps[slice] += share * bent[slice] / sum }
        }
        var running = 0.0
        var cumulative = [0.0]
        for step in steps {
            running += step
            cumulative.append(running)
        }
        return cumulative
    }

    /// The curve at the middle of each slice, in a straight line from the middle of one hour to that of the next.
    private func localActivity(hourly: [Double], utcOffsetMinutes: Int) -> [Double] {
        let sliceCount = waves[0].heights.count
        return (0..<sliceCount).map { slice in
            let time = start.rawValue + Int64(slice) * Schedule.sliceUs + Schedule.sliceUs / 2
            let localUs = time + Int64(utcOffsetMinutes) * 60_000_000
            let hours = Double(localUs.flooredDivision(by: Timestamp.microsecondsPerDay).remainder) / 3.6e9
            let position = hours < 0.5 ? hours + 23.5 : hours - 0.5
            let hour = min(Int(position), 23)
            let fraction = position - Double(hour)
            return hourly[hour] * (1 - fraction) + hourly[(hour + 1) % 24] * fraction
        }
    }
}
