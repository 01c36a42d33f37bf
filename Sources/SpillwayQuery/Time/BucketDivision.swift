/// Division of many numbers by one that does not change, as a multiplication: n / d = ⌊n · m / 2ᵖ⌋ for m = ⌈2ᵖ / d⌉
/// wherever n < 2ᵖ / d (Granlund and Montgomery, "Division by Invariant Integers using Multiplication", 1994).
struct BucketDivision {
    private let multiplier: UInt64
    private let shift: UInt64

    /// Numbers that are divided right. With p = 63 + ⌊log₂ d⌋, 2ᵖ / d > 2⁶².
    static let limit: UInt64 = 1 << 62

    /// - Precondition: 2 ≤ divisor < 2⁶³.
    init(by divisor: Int64) {
        precondition(divisor >= 2)
        let divisor = UInt64(divisor)
        let log2 = UInt64(63 - divisor.leadingZeroBitCount)
        // 2ᵖ as two words, the lower of which is 0.
        let (quotient, remainder) = divisor.dividingFullWidth((1 << (log2 - 1), 0))
        multiplier = remainder == 0 ? quotient : quotient + 1
        shift = log2 - 1
    }

    @inline(__always)
    func callAsFunction(_ number: UInt64) -> UInt64 {
        number.multipliedFullWidth(by: multiplier).high &>> shift
    }
}
