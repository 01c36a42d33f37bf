/// Whether two series of measurements have different means: Welch's t-test with the degrees of freedom of Welch and
/// Satterthwaite, each series being worth its ``EffectiveSampleSize``.
struct WelchTest {
    /// Mean of the second series less that of the first.
    let difference: Double
    /// Where the true difference lies with odds of 95 %.
    let interval: ClosedRange<Double>
    /// The odds of a difference as large or larger if there is none.
    let pValue: Double

    /// Odds at which equal means may be called different.
    static let significance = 0.05

    var isSignificant: Bool { pValue < Self.significance }

    /// Nil if a series has fewer than two values: nothing is known of its spread.
    init?(_ first: [Double], _ second: [Double]) {
        guard let first = Mean(first), let second = Mean(second) else { return nil }
        difference = second.value - first.value
        let squaredError = first.squaredError + second.squaredError
        guard squaredError > 0 else {
            // Every repetition gave the same, as for bytes: a difference is no chance.
            interval = difference...difference
            pValue = difference == 0 ? 1 : 0
            return
        }
        let distribution = StudentT(
            degreesOfFreedom: squaredError * squaredError / (first.freedomShare + second.freedomShare))
        let error = squaredError.squareRoot()
        let reach = distribution.halfWidth(confidence: 1 - Self.significance) * error
        interval = (difference - reach)...(difference + reach)
        pValue = distribution.twoSidedTail(difference / error)
    }

    /// A series' mean and how far it may be off.
    private struct Mean {
        let value: Double
        let squaredError: Double
        private let effectiveCount: Double

        init?(_ series: [Double]) {
            guard series.count >= 2 else { return nil }
            let mean = series.reduce(0, +) / Double(series.count)
            let squares = series.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(series.count)
            effectiveCount = max(2, EffectiveSampleSize(series).value)
            // Unbiased for independent values; correlated ones keep closer to their own mean.
            let variance = squares * effectiveCount / (effectiveCount - 1)
            value = mean
            squaredError = variance / effectiveCount
        }

        var freedomShare: Double { squaredError * squaredError / (effectiveCount - 1) }
    }
}
