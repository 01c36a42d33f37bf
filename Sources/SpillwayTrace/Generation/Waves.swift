internal import SpillwayModel

/// How the norm and the surges that bring one audience rise and fall, before local time bends them.
struct Waves {
    /// The part of a country's registrations in each slice.
    struct Shape {
        /// By wave; each wave's parts add up to its share of the audience, all of them to 1.
        let waves: [[Double]]
        /// Of all waves: before each slice, from 0 to 1.
        let cumulative: [Double]

        init(waves: [[Double]]) {
            self.waves = waves
            cumulative = Self.cumulative(waves)
        }

        private static func cumulative(_ waves: [[Double]]) -> [Double] {
            var running = [0.0]
            for slice in (waves.first ?? []).indices {
                running.append(waves.reduce(running[slice]) { $0 + $1[slice] })
            }
            return running
        }

        /// ``cumulative`` with the chance of a Poisson process of `total` registrations, given that each wave has
        /// exactly its share of them.
        func drawn(total: Int, key: UInt64) -> [Double] {
            Self.cumulative(
                waves.enumerated().map { wave, parts in
                    let share = parts.reduce(0, +)
                    var draws = PoissonDraws(key: mix(key &+ UInt64(wave)))
                    let counts = parts.map { draws.next(mean: Double(total) * $0) }
                    let sum = counts.reduce(0, +)
                    return sum > 0 ? counts.map { share * $0 / sum } : parts
                })
        }
    }

    private let start: Timestamp
    /// Part of the audience, and height of each slice.
    private let waves: [(share: Double, heights: [Double])]
    private let outages: [OutageSlices]

    init(_ audience: Audience, _ scenario: Scenario, sliceCount: Int, bursts: BurstSeries?) {
        start = scenario.start
        let surgeWeight = scenario.surges.reduce(0) { $0 + $1.weight }
        var waves: [(share: Double, heights: [Double])] = []
        if audience.hasNorm, scenario.normShare > 0 {
            waves.append((scenario.normShare / audience.share, [Double](repeating: 1, count: sliceCount)))
        }
        for surge in audience.surges {
            let heights = (0..<sliceCount).map { surge.heights(of: $0, from: scenario.start).mean }
            waves.append(((1 - scenario.normShare) * surge.weight / surgeWeight / audience.share, heights))
        }
        if let bursts {
            for wave in waves.indices {
                for slice in 0..<sliceCount { waves[wave].heights[slice] *= bursts.factor(minute: slice) }
            }
        }
        self.waves = waves
        outages = scenario.outages.map { OutageSlices($0, from: scenario.start, sliceCount: sliceCount) }
    }

    /// Every wave keeps its share of the whole, however the local day bends it and outages cut it.
    func shape(_ profile: RegionProfile, utcOffsetMinutes: Int) -> Shape {
        let local = localActivity(profile, utcOffsetMinutes: utcOffsetMinutes)
        return Shape(
            waves: waves.map { share, heights in
                var parts = zip(heights, local).map { $0 * $1 }
                for outage in outages { outage.apply(to: &parts) }
                let sum = parts.reduce(0, +)
                return parts.map { share * $0 / sum }
            })
    }

    /// The curve at the middle of each slice, in a straight line from the middle of one hour to that of the next,
    /// times the local day of the week.
    private func localActivity(_ profile: RegionProfile, utcOffsetMinutes: Int) -> [Double] {
        let sliceCount = waves.first?.heights.count ?? 0
        return (0..<sliceCount).map { slice in
            let time = start.rawValue + Int64(slice) * Schedule.sliceUs + Schedule.sliceUs / 2
            let localUs = time + Int64(utcOffsetMinutes) * 60_000_000
            let (day, us) = localUs.flooredDivision(by: Timestamp.microsecondsPerDay)
            let hours = Double(us) / 3.6e9
            let position = hours < 0.5 ? hours + 23.5 : hours - 0.5
            let hour = min(Int(position), 23)
            let fraction = position - Double(hour)
            let activity = profile.hourly[hour] * (1 - fraction) + profile.hourly[(hour + 1) % 24] * fraction
            // 1970-01-01 was a Thursday.
            return activity * profile.weekdays[Int((day + 3).flooredDivision(by: 7).remainder)]
        }
    }
}

/// An outage in slices: those whose middle lies in it.
private struct OutageSlices {
    private let slices: Range<Int>
    private let outage: Outage

    init(_ outage: Outage, from start: Timestamp, sliceCount: Int) {
        self.outage = outage
        let first = Self.firstSlice(from: outage.range.lowerBound, start)
        slices = first..<min(max(first, Self.firstSlice(from: outage.range.upperBound, start)), sliceCount - 1)
    }

    /// The first whose middle does not lie before `time`.
    private static func firstSlice(from time: Timestamp, _ start: Timestamp) -> Int {
        let sinceUs = time.rawValue - start.rawValue + Schedule.sliceUs / 2
        return Int(max(0, sinceUs - 1) / Schedule.sliceUs)
    }

    /// Moves what does not get through to the time afterwards.
    func apply(to parts: inout [Double]) {
        var displaced = 0.0
        for slice in slices {
            // Never nothing at all: a wave that falls into the outage as a whole has to go somewhere.
            let trickle = max(outage.trickle, 1e-9)
            displaced += parts[slice] * (1 - trickle)
            parts[slice] *= trickle
        }
        let afterwards = slices.upperBound..<parts.count
        let halfLife = max(Double(outage.halfLifeUs) / Double(Schedule.sliceUs), 0.1)
        let weights = afterwards.map { slice in
            let halvings = (Double(slice - afterwards.lowerBound) + 0.5) / halfLife
            return halvings < 60 ? PortableMath.exp2(-halvings) : 0
        }
        let sum = weights.reduce(0, +)
        guard sum > 0 else { return }
        for (slice, weight) in zip(afterwards, weights) {
            parts[slice] += displaced * outage.comeback * weight / sum
        }
    }
}
