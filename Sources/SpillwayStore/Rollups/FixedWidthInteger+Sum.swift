extension FixedWidthInteger {
    /// The sum of two that are not negative. Counts that a damaged file claims may be any: the sum then tells that they are
    /// wrong.
    @inline(__always)
    func addingUpToMaximum(_ other: Self) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
