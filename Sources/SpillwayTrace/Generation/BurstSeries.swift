/// The factors by which ``Bursts`` change the rate, second by second: the exponential of a Gaussian process whose
/// correlation decays exponentially (Ornstein–Uhlenbeck), of mean 1.
struct BurstSeries: Sendable {
    /// By second.
    private let factors: [Float]
    private let minuteFactors: [Double]

    init(_ bursts: Bursts, minutes: Int, key: UInt64) {
        // Of a log-normal variable with mean 1: variance = e^σ² − 1.
        let variance = PortableMath.log2(1 + bursts.deviation * bursts.deviation) * PortableMath.ln2
        let sigma = variance.squareRoot()
        let kept = PortableMath.exp2(-1_000_000 / (Double(bursts.spanUs) * PortableMath.ln2))
        let fresh = (1 - kept * kept).squareRoot()
        var level = Gaussian.draw(mix(key))
        var factors: [Float] = []
        factors.reserveCapacity(minutes * 60)
        for second in 0..<minutes * 60 {
            factors.append(Float(PortableMath.exp2((sigma * level - variance / 2) / PortableMath.ln2)))
            level = kept * level + fresh * Gaussian.draw(mix(key &+ UInt64(second + 1)))
        }
        self.factors = factors
        minuteFactors = (0..<minutes).map { minute in
            factors[minute * 60..<minute * 60 + 60].reduce(0) { $0 + Double($1) } / 60
        }
    }

    /// The mean over a minute.
    func factor(minute: Int) -> Double { minuteFactors[minute] }

    func factor(second: Int, of minute: Int) -> Double { Double(factors[minute * 60 + second]) }
}

/// Numbers that are nearly normal: sums of uniform ones, the same on every machine.
enum Gaussian {
    /// From 64 random bits: the sum of eight bytes, of variance 8 · (256² − 1) / 12.
    static func draw(_ bits: UInt64) -> Double {
        let pairs = (bits & 0x00ff_00ff_00ff_00ff) &+ (bits >> 8 & 0x00ff_00ff_00ff_00ff)
        let sum = (pairs &* 0x0001_0001_0001_0001) >> 48
        return (Double(sum) - 1020) / 209.021_529_9
    }
}

/// Random numbers of events, each with its own mean.
struct PoissonDraws {
    private let key: UInt64
    private var counter: UInt64 = 0

    init(key: UInt64) { self.key = key }

    /// Exact in distribution up to a mean of 16; beyond, normal with the same mean and variance.
    mutating func next(mean: Double) -> Double {
        if mean <= 0 { return 0 }
        counter &+= 1
        let bits = mix(key &+ counter)
        if mean > 16 { return max(0, (mean + mean.squareRoot() * Gaussian.draw(bits)).rounded()) }
        let draw = Double(bits >> 11) * 0x1p-53
        // As e^−mean ≥ 1 − mean, and most means are small.
        if draw < 1 - mean { return 0 }
        var probability = PortableMath.exp2(-mean / PortableMath.ln2)
        var left = draw - probability
        var count = 0.0
        while left >= 0, count < 100 {
            count += 1
            probability *= mean / count
            left -= probability
        }
        return count
    }
}
