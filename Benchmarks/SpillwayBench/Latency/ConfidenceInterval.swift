import Foundation

/// Where the true mean lies with 95 % confidence, by Student's t over the logarithms of independent figures: rates
/// differ by factors rather than by amounts, and none is below zero.
struct ConfidenceInterval {
    let lower: Double
    let upper: Double
    /// The geometric mean.
    let center: Double

    /// Nil for fewer than two figures, or any that is not above zero.
    init?(_ figures: [Double]) {
        guard figures.count > 1, figures.allSatisfy({ $0 > 0 }) else { return nil }
        let logs = figures.map { log($0) }
        let count = Double(logs.count)
        let mean = logs.reduce(0, +) / count
        let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let reach = Self.quantile(degreesOfFreedom: logs.count - 1) * (variance / count).squareRoot()
        lower = exp(mean - reach)
        upper = exp(mean + reach)
        center = exp(mean)
    }

    /// Of the t distribution at 97.5 %.
    private static func quantile(degreesOfFreedom: Int) -> Double {
        let quantiles = [
            12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
            2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
        ]
        return degreesOfFreedom <= quantiles.count ? quantiles[degreesOfFreedom - 1] : 2.042
    }
}
