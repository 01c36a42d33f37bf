internal import SpillwayModel

/// Where in its minute a registration is made: by second, as surges and bursts make it; anywhere alike where they
/// hardly change within the minute.
struct SecondShapes: Sendable {
    /// A minute's seconds: of 2³² draws, those that fall before each second, and in all.
    struct Minute: Sendable {
        fileprivate let before: InlineArray<61, UInt32>
        /// The second to begin the search at, by the draw's highest 6 bits.
        fileprivate let guide: InlineArray<64, UInt8>
    }

    private let minutes: [Minute]
    /// Index into `minutes` by slice, −1 for an even one; empty if all are.
    private let places: [Int32]

    private static let sliceUs = UInt64(Schedule.sliceUs)

    init(_ scenario: Scenario, _ audiences: [Audience], sliceCount: Int, bursts: BurstSeries?) {
        let waves = Self.waves(scenario, audiences, sliceCount)
        var minutes: [Minute] = []
        var places: [Int32] = []
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
            guard let minute = Minute(weights) else {
                places.append(-1)
                continue
            }
            places.append(Int32(minutes.count))
            minutes.append(minute)
        }
        self.minutes = minutes
        self.places = minutes.isEmpty ? [] : places
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

    /// Of a slice; nil if its registrations are spread evenly.
    @inline(__always)
    func minute(_ slice: Int) -> Minute? {
        guard !places.isEmpty, places[slice] >= 0 else { return nil }
        return minutes[Int(places[slice])]
    }
}

extension SecondShapes.Minute {
    /// Nil if all seconds are nearly alike.
    fileprivate init?(_ weights: [Double]) {
        let (low, high) = (weights.min() ?? 0, weights.max() ?? 0)
        guard high > low * 1.02 else { return nil }
        let sum = weights.reduce(0, +)
        var before = InlineArray<61, UInt32>(repeating: 0)
        var running = 0.0
        for second in 0..<60 {
            running += weights[second]
            before[second + 1] = UInt32(min(running / sum * 4_294_967_296, 4_294_967_295))
        }
        before[60] = .max
        var guide = InlineArray<64, UInt8>(repeating: 0)
        var second = 0
        for step in 0..<64 {
            while second < 59, before[second + 1] <= UInt32(step) << 26 { second += 1 }
            guide[step] = UInt8(second)
        }
        self.before = before
        self.guide = guide
    }

    /// Microseconds into the minute that 32 random bits choose.
    @inline(__always)
    func timeUs(_ bits: UInt64) -> UInt64 {
        let draw = UInt32(truncatingIfNeeded: bits)
        var second = Int(guide[Int(draw >> 26)])
        while second < 59, before[second + 1] <= draw { second += 1 }
        let first = before[second]
        let width = UInt64(before[second + 1] - first)
        return UInt64(second) * 1_000_000 + min(UInt64(draw - first) * 1_000_000 / max(width, 1), 999_999)
    }
}
