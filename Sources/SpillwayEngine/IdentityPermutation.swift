import SpillwayModel

/// A keyed one-to-one map of identities onto 64-bit keys that are spread evenly: the high bits choose the shard,
/// the next ones the slot in its index. Being one-to-one, it lets the index keep keys in place of identities and
/// stay exact.
///
/// Four Feistel rounds over 32-bit halves, each adding (a·x + b) mod 2⁶⁴ >> 32, which is strongly universal for
/// random a and b (Dietzfelbinger, "Universal hashing and k-wise independent random variables via integer
/// arithmetic without primes", 1996): whatever two identities a caller chooses without knowing the store's key,
/// they meet in the high 32 bits with odds of about 2⁻³².
package struct IdentityPermutation: Sendable {
    private let a0, b0, a1, b1, a2, b2, a3, b3: UInt64

    /// - Precondition: eight words.
    package init(key: [UInt64]) {
        precondition(key.count == 8)
        (a0, b0, a1, b1) = (key[0], key[1], key[2], key[3])
        (a2, b2, a3, b3) = (key[4], key[5], key[6], key[7])
    }

    @inline(__always)
    package func callAsFunction(_ identity: Identity) -> UInt64 {
        var left = identity.rawValue >> 32
        var right = identity.rawValue & 0xffff_ffff
        left ^= (a0 &* right &+ b0) >> 32
        right ^= (a1 &* left &+ b1) >> 32
        left ^= (a2 &* right &+ b2) >> 32
        right ^= (a3 &* left &+ b3) >> 32
        return left << 32 | right
    }
}
