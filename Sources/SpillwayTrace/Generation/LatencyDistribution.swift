/// A log-normal distribution of latencies, as a table of quantiles: what most services' latencies look like.
struct LatencyDistribution: Sendable {
    private static let tableBits = 12

    /// Quantiles of equal steps of probability, one more than there are steps; microseconds.
    private let quantilesUs: [Int32]

    /// - Precondition: 1 ≤ `medianUs` ≤ `p99Us`
    init(medianUs: Int64, p99Us: Int64) {
        let steps = 1 << Self.tableBits
        let spread = PortableMath.log2(Double(p99Us) / Double(medianUs)) / PortableMath.normalQuantile(0.99)
        quantilesUs = (0...steps).map { step in
            // The outermost quantiles are those of a 16th of a step, so that the tails end somewhere.
            let p = min(max(Double(step), 1.0 / 16), Double(steps) - 1.0 / 16) / Double(steps)
            let latencyUs = Double(medianUs) * PortableMath.exp2(spread * PortableMath.normalQuantile(p))
            return Int32(min(latencyUs.rounded(), Double(Int32.max)))
        }
    }

    /// The latency that 32 random bits choose, by interpolation between quantiles.
    @inline(__always)
    func latencyUs(_ bits: UInt64) -> Int32 {
        let fractionBits = 32 - Self.tableBits
        let step = Int(truncatingIfNeeded: bits >> UInt64(fractionBits))
        let fraction = Int64(truncatingIfNeeded: bits & (1 << UInt64(fractionBits) - 1))
        let low = Int64(quantilesUs[step])
        let high = Int64(quantilesUs[step + 1])
        return Int32(truncatingIfNeeded: low + ((high - low) * fraction) >> Int64(fractionBits))
    }

    /// The part of all latencies that are longer.
    func share(above us: Double) -> Double {
        var (low, high) = (0, quantilesUs.count - 1)
        if us < Double(quantilesUs[low]) { return 1 }
        if us >= Double(quantilesUs[high]) { return 0 }
        while high - low > 1 {
            let middle = (low + high) / 2
            if Double(quantilesUs[middle]) <= us { low = middle } else { high = middle }
        }
        let width = Double(quantilesUs[high]) - Double(quantilesUs[low])
        let place = Double(low) + (width > 0 ? (us - Double(quantilesUs[low])) / width : 0)
        return 1 - place / Double(quantilesUs.count - 1)
    }
}
