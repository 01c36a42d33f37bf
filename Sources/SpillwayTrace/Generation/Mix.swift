/// Scrambles 64 bits one-to-one (Stafford's variant 13 of the MurmurHash3 finaliser, as in SplitMix64): counters
/// become independent random numbers, wherever one starts.
@inline(__always)
func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
}

/// The random numbers of one registration, by number of draw.
struct Draws {
    private let base: UInt64

    @inline(__always)
    init(key: UInt64, counter: UInt64) {
        base = key &+ counter &* 0x9e37_79b9_7f4a_7c15
    }

    @inline(__always)
    subscript(number: Int) -> (high: UInt64, low: UInt64) {
        let bits = mix(base &+ UInt64(truncatingIfNeeded: number) &* 0xd1b5_4a32_d192_ed03)
        return (bits >> 32, bits & 0xffff_ffff)
    }
}

/// A number in 0 ..< `bound` from 32 random bits; `bound` < 2³².
@inline(__always)
func scaled(_ bits: UInt64, to bound: UInt64) -> UInt64 { (bits &* bound) >> 32 }
