/// Functions whose results are the same on every machine: made of IEEE 754's exactly rounded operations, which
/// the system's `exp` and `log` are not. A trace must not depend on who computed it.
enum PortableMath {
    static let ln2 = 0.693_147_180_559_945_3

    /// 2 to the power of `x`, for |x| < 1000; relative error below 10⁻¹⁴.
    static func exp2(_ x: Double) -> Double {
        let whole = x.rounded()
        let y = (x - whole) * ln2
        // |y| ≤ 0.35: terms of the exponential series beyond y¹⁴/14! do not count.
        var (sum, n) = (1.0, 14.0)
        while n > 0 {
            sum = 1 + y / n * sum
            n -= 1
        }
        return Double(sign: .plus, exponent: Int(whole), significand: sum)
    }

    /// The logarithm to base 2 of `x` > 0; absolute error below 10⁻¹⁴.
    static func log2(_ x: Double) -> Double {
        var exponent = Double(x.exponent)
        var significand = x.significand
        if significand > 1.414_213_562_373_095 {
            significand /= 2
            exponent += 1
        }
        // ln s = 2 artanh((s − 1) / (s + 1)), of an argument within ±0.172.
        let z = (significand - 1) / (significand + 1)
        var (sum, n) = (0.0, 21.0)
        while n > 0 {
            sum = sum * z * z + 1 / n
            n -= 2
        }
        return exponent + 2 * z * sum / ln2
    }

    /// The quantile of the standard normal distribution, for 0 < p < 1, relative error below 2 · 10⁻⁹
    /// (Acklam, "An algorithm for computing the inverse normal cumulative distribution function", 2003).
    static func normalQuantile(_ p: Double) -> Double {
        if p > 0.5 { return -normalQuantile(1 - p) }
        if p >= 0.02425 {
            let q = p - 0.5
            let r = q * q
            let numerator = polynomial(
                r, -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.3577518672690,
                -30.66479806614716, 2.506628277459239)
            let denominator = polynomial(
                r, -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972,
                -13.28068155288572, 1)
            return numerator * q / denominator
        }
        let q = (-2 * log2(p) * ln2).squareRoot()
        let numerator = polynomial(
            q, -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
            4.374664141464968, 2.938163982698783)
        let denominator = polynomial(
            q, 0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1)
        return numerator / denominator
    }

    /// Coefficients from the highest power down.
    private static func polynomial(_ x: Double, _ coefficients: Double...) -> Double {
        coefficients.reduce(0) { $0 * x + $1 }
    }
}
