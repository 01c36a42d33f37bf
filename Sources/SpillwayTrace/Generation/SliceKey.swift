/// An attempt within its slice, in 64 bits that sort by arrival.
///
/// | bits | |
/// |---|---|
/// | 38 … 63 | arrival within the slice, microseconds |
/// | 37 | it belongs to a registration of the slice before |
/// | 34 … 36 | number of the attempt, 0 for the first |
/// | 26 … 33 | index of the country in the schedule |
/// | 0 … 25 | the registration's counter, less the country's first in its slice |
struct SliceKey {
    private static let arrivalShift: UInt64 = 38
    private let bits: UInt64

    @inline(__always)
    init(_ bits: UInt64) { self.bits = bits }

    @inline(__always)
    init(country: Int, isSpill: Bool) {
        bits = UInt64(country) << 26 | (isSpill ? 1 << 37 : 0)
    }

    @inline(__always)
    func key(arrivalUs: UInt64, attempt: Int, delta: UInt64) -> UInt64 {
        bits | arrivalUs << Self.arrivalShift | UInt64(attempt) << 34 | delta
    }

    var arrivalUs: UInt64 { bits >> Self.arrivalShift }
    var isSpill: Bool { bits >> 37 & 1 == 1 }
    var attempt: Int { Int(truncatingIfNeeded: bits >> 34 & 7) }
    var country: Int { Int(truncatingIfNeeded: bits >> 26 & 0xff) }
    var delta: UInt64 { bits & (1 << 26 - 1) }
}
