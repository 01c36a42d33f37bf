/// How many independent measurements a series of correlated ones is worth: n / τ with the autocorrelation time
/// τ = 1 + 2 Σ ρₖ. What disturbs a machine lasts longer than one repetition, so that neighbours are alike; taken for
/// independent, they make chance look like a difference.
///
/// Too short a series says nothing of its correlation: it is taken for none unless the first lag's is more than chance
/// leaves (one-sided, 5 %). Beyond, the larger of two estimates counts, as either falls short for some series.
struct EffectiveSampleSize {
    /// At least 1, at most the length of the series.
    let value: Double

    init(_ series: [Double]) {
        let n = Double(series.count)
        let correlation = Autocorrelation(series)
        // Of independent values the first lag's has the mean −1/n and about the variance 1/n (Anderson 1942).
        guard series.count >= 4, correlation[1] + 1 / n >= 1.645 / n.squareRoot() else {
            value = n
            return
        }
        value = max(1, n / max(Self.firstOrderTime(correlation), Self.initialSequenceTime(correlation)))
    }

    /// τ of the first-order autoregression that fits: (1 + φ) / (1 − φ) (Zwiers & von Storch, J. Climate 8, 1995). φ is
    /// ρ₁ without its bias of −(1 + 3φ) / n (Marriott & Pope, Biometrika 41, 1954).
    private static func firstOrderTime(_ correlation: Autocorrelation) -> Double {
        let n = Double(correlation.count)
        let phi = min(max((n * correlation[1] + 1) / (n - 3), 0), 0.99)
        return (1 + phi) / (1 - phi)
    }

    /// τ by the initial monotone sequence: pairs of neighbouring lags are summed while they are positive and do not grow
    /// (Geyer, Statistical Science 7, 1992). Deviations are from the series' own mean, which takes about
    /// (1 − ρₖ) τ / n from each ρₖ; that is put back.
    private static func initialSequenceTime(_ correlation: Autocorrelation) -> Double {
        let n = Double(correlation.count)
        var pairs: [Double] = []
        for lag in stride(from: 0, to: correlation.count - 1, by: 2) {
            let pair = correlation[lag] + correlation[lag + 1]
            guard pair > 0 else { break }
            pairs.append(pair)
        }
        var time = 1.0
        for _ in 0..<10 {
            let bias = min(time / n, 0.9)
            var sum = 0.0
            var least = Double.infinity
            for pair in pairs {
                least = min(least, pair + (2 - pair) * bias)
                sum += least
            }
            let next = max(1, 2 * sum - 1)
            guard abs(next - time) > 1e-6 else { break }
            time = next
        }
        return time
    }
}

/// How alike values of a series are that lie so many places apart: ρₖ = Σ dᵢ dᵢ₊ₖ / Σ dᵢ², d being deviations from the
/// mean.
struct Autocorrelation {
    private let deviations: [Double]
    private let total: Double

    init(_ series: [Double]) {
        let mean = series.reduce(0, +) / Double(series.count)
        deviations = series.map { $0 - mean }
        total = deviations.reduce(0) { $0 + $1 * $1 }
    }

    var count: Int { deviations.count }

    /// 0 if all values are alike.
    ///
    /// - Precondition: 0 ≤ `lag` < ``count``
    subscript(lag: Int) -> Double {
        guard total > 0 else { return 0 }
        var sum = 0.0
        for index in 0..<count - lag { sum += deviations[index] * deviations[index + lag] }
        return sum / total
    }
}
