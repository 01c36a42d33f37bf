import Foundation

/// The regularized incomplete beta function I_x(a, b), DLMF 8.17.2, to about 14 digits.
///
/// - Precondition: 0 ≤ x ≤ 1; a and b are positive.
func regularizedIncompleteBeta(_ x: Double, a: Double, b: Double) -> Double {
    precondition((0...1).contains(x) && a > 0 && b > 0)
    if x == 0 || x == 1 { return x }
    // The fraction converges fast below the mean of the distribution; above it, the other tail's does.
    if x > (a + 1) / (a + b + 2) { return 1 - regularizedIncompleteBeta(1 - x, a: b, b: a) }
    let front = exp(a * log(x) + b * log1p(-x) - logBeta(a, b)) / a
    return front * betaFraction(x, a, b)
}

private func logBeta(_ a: Double, _ b: Double) -> Double { lgamma(a) + lgamma(b) - lgamma(a + b) }

/// DLMF 8.17.22 by the modified Lentz algorithm (Press et al., Numerical Recipes, 6.4).
private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func nonzero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
    var fraction = d
    for step in 1...10_000 {
        let m = Double(step)
        let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        var factor = 1.0
        for term in [even, odd] {
            d = 1 / nonzero(1 + term * d)
            c = nonzero(1 + term / c)
            factor = c * d
            fraction *= factor
        }
        if abs(factor - 1) < 1e-15 { break }
    }
    return fraction
}
