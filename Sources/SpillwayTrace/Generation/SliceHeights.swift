internal import SpillwayModel

/// How high a surge is within a slice.
enum SliceHeights {
    /// At the beginning, in the middle and at the end; a parabola through them is close enough.
    case smooth(Double, Double, Double)
    /// In the middle of each second, where the surge begins, is up, or begins to decay.
    case kinked([Double])

    var mean: Double {
        switch self {
        // Simpson's rule.
        case .smooth(let start, let middle, let end): (start + 4 * middle + end) / 6
        case .kinked(let seconds): seconds.reduce(0, +) / Double(seconds.count)
        }
    }

    subscript(second: Int) -> Double {
        switch self {
        case .smooth(let start, let middle, let end):
            let x = (Double(second) + 0.5) / 60
            return start + x * (4 * middle - 3 * start - end) + x * x * 2 * (start - 2 * middle + end)
        case .kinked(let seconds): return seconds[second]
        }
    }
}

extension Surge {
    /// - Parameter start: Of slice 0.
    func heights(of slice: Int, from start: Timestamp) -> SliceHeights {
        let sliceStart = start.rawValue + Int64(slice) * Schedule.sliceUs
        let (rise, decay) = (onset.rawValue + riseUs, onset.rawValue + riseUs + plateauUs)
        let within = sliceStart + 1..<sliceStart + Schedule.sliceUs
        func intensity(_ us: Int64) -> Double { self.intensity(at: Timestamp(rawValue: sliceStart + us)) }
        if within.contains(onset.rawValue) || within.contains(rise) || within.contains(decay) {
            return .kinked((0..<60).map { intensity($0 * Timestamp.microsecondsPerSecond + 500_000) })
        }
        // The very end belongs to the next slice, where a kink may be.
        return .smooth(intensity(0), intensity(Schedule.sliceUs / 2), intensity(Schedule.sliceUs - 1))
    }
}
