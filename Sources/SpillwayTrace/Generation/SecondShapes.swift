internal import SpillwayModel

/// Where in its minute a registration is made: by second, as surges and bursts make it; anywhere alike where they
/// hardly change within the minute.
struct SecondShapes: Sendable {
    /// Of 2³² draws, those that fall before a second; and how far each one more is into it, in 2⁻³² µs. Seconds that
    /// fewer than a million draws fall into are not filled to their end.
    private struct Second {
        var before: UInt32
        var usPerDraw: UInt32
    }

    /// 60 for each minute whose seconds differ.
    private let seconds: [Second]
    /// 256 for each of these: the second to begin the search at, by the draw's highest 8 bits.
    private let guide: [UInt8]
    /// Which of these a slice is, −1 for an even one; empty if all are even.
    private let places: [Int32]

    init(_ scenario: Scenario, _ audiences: [Audience], sliceCount: Int, bursts: BurstSeries?) {
        let waves = Self.waves(scenario, audiences, sliceCount)
        var (seconds, guide, places): ([Second], [UInt8], [Int32]) = ([], [], [])
        for slice in 0..<sliceCount {
            var weights = [Double](repeating: waves.normHeight, count: 60)
            for (surge, height) in waves.surges {
                let heights = surge.heights(of: slice, from: scenario.start)
                if heights.mean == 0 { continue }
                for second in 0..<60 { weights[second] += height * heights[second] }
            }
            if let bursts {
                for second in 0..<60 { weights[second] *= bursts.factor(second: second, of: slice) }
            }
            guard Self.differ(weights) else {
                places.append(-1)
                continue
            }
            places.append(Int32(seconds.count / 60))
            Self.append(weights, &seconds, &guide)
        }
        self.seconds = seconds
        self.guide = guide
        self.places = seconds.isEmpty ? [] : places
    }

    private static func differ(_ weights: [Double]) -> Bool {
        (weights.max() ?? 0) > (weights.min() ?? 0) * 1.02
    }

    private static func append(_ weights: [Double], _ seconds: inout [Second], _ guide: inout [UInt8]) {
        let sum = weights.reduce(0, +)
        var before: [UInt32] = []
        var running = 0.0
        for weight in weights {
            before.append(UInt32(min(running / sum * 0x1p32, 0x1p32 - 1)))
            running += weight
        }
        for second in 0..<60 {
            let end = second < 59 ? Double(before[second + 1]) : 0x1p32
            let width = max(1, end - Double(before[second]))
            seconds.append(Second(before: before[second], usPerDraw: UInt32(min(1e6 / width * 0x1p32, 0x1p32 - 1))))
        }
        var second = 0
        for step in 0..<256 {
            while second < 59, before[second + 1] <= UInt32(step) << 24 { second += 1 }
            guide.append(UInt8(second))
        }
    }

    /// Heights of the norm and of the surges at their plateau, in registrations a slice, up to a factor.
    private static func waves(
        _ scenario: Scenario, _ audiences: [Audience], _ sliceCount: Int
    ) -> (normHeight: Double, surges: [(Surge, Double)]) {
        let weight = scenario.surges.reduce(0) { $0 + $1.weight }
        let surges = audiences.flatMap(\.surges).map { surge in
            let sum = (0..<sliceCount).reduce(0) { $0 + surge.heights(of: $1, from: scenario.start).mean }
            return (surge, sum > 0 ? (1 - scenario.normShare) * surge.weight / weight / sum : 0)
        }
        return (scenario.normShare / Double(sliceCount), surges)
    }

    /// For ``timeUs(_:place:)``.
    @inline(__always)
    func place(of slice: Int) -> Int { places.isEmpty ? -1 : Int(places[slice]) }

    /// Microseconds into the minute that 32 random bits choose.
    @inline(__always)
    func timeUs(_ bits: UInt64, place: Int) -> UInt64 {
        if place < 0 { return scaled(bits, to: UInt64(Schedule.sliceUs)) }
        let draw = UInt32(truncatingIfNeeded: bits)
        let first = place * 60
        var second = Int(guide[place * 256 + Int(draw >> 24)])
        // At most one second begins within most of these steps: that one costs no branch.
        if second < 59 { second += seconds[first + second + 1].before <= draw ? 1 : 0 }
        while second < 59, seconds[first + second + 1].before <= draw { second += 1 }
        let found = seconds[first + second]
        let us = UInt64(draw &- found.before) &* UInt64(found.usPerDraw) >> 32
        return UInt64(truncatingIfNeeded: second) &* 1_000_000 &+ us
    }
}
