import Foundation

/// Repeatable chance (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    @inline(__always)
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.finalize(state)
    }

    /// The last step alone: a one-to-one map onto numbers that spread over all 64 bits.
    @inline(__always)
    static func finalize(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Exponentially distributed with mean 1: the gaps between independent arrivals.
    mutating func nextExponential() -> Double {
        // Never 0, whose logarithm would be infinite.
        -log((Double(next() >> 11) + 0.5) * 0x1p-53)
    }
}
