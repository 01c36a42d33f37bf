import SpillwayTestSupport

extension Double {
    /// Within a share of `other`.
    func isClose(to other: Double, within share: Double) -> Bool {
        (self - other).magnitude <= share * max(other.magnitude, 1e-300)
    }
}

/// Values of a first-order autoregression: each is `correlation` times the one before and something normal on top.
struct Autoregression {
    private var random: SplitMix64
    private let correlation: Double
    private var last = 0.0

    init(correlation: Double, seed: UInt64) {
        random = SplitMix64(seed: seed)
        self.correlation = correlation
        // Forgets where it began.
        for _ in 0..<200 { _ = next() }
    }

    mutating func next() -> Double {
        // Twelve uniform values less their mean: normal enough, with variance 1.
        var noise = -6.0
        for _ in 0..<3 {
            let word = random.next()
            for shift in stride(from: 0, to: 64, by: 16) as StrideTo<UInt64> {
                noise += Double(word >> shift & 0xffff) * 0x1p-16
            }
        }
        last = correlation * last + noise
        return last
    }

    mutating func series(_ count: Int, shift: Double = 0) -> [Double] { (0..<count).map { _ in next() + shift } }
}
