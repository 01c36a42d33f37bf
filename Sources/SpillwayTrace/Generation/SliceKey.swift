/// An attempt within its slice, in 64 bits that sort by arrival.
///
/// | bits | |
/// |---|---|
/// | 38 … 63 | arrival within the slice, microseconds |
/// | 16 … 37 | the run that it belongs to |
/// | 0 … 15 | its registration's index in the run |
struct SliceKey {
    /// Far more than a slice of all registrations that a scenario may have needs.
    static let maximumRuns = 1 << 22

    private let bits: UInt64

    @inline(__always)
    init(_ bits: UInt64) { self.bits = bits }

    @inline(__always)
    static func bits(arrivalUs: UInt64, run: Int, index: Int) -> UInt64 {
        arrivalUs << 38 | UInt64(truncatingIfNeeded: run) << 16 | UInt64(truncatingIfNeeded: index)
    }

    var arrivalUs: UInt64 { bits >> 38 }
    var run: Int { Int(truncatingIfNeeded: bits >> 16 & 0x3f_ffff) }
    var index: Int { Int(truncatingIfNeeded: bits & 0xffff) }
}
