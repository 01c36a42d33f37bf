import CSpillwayKernels
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
    private let words: [UInt64]

    /// - Precondition: eight words.
    package init(key: [UInt64]) {
        precondition(key.count == 8)
        words = key
    }

    func callAsFunction(_ identity: Identity) -> UInt64 {
        var (identity, key) = (identity.rawValue, UInt64(0))
        spillway_permute_u64(&identity, 1, words, &key)
        return key
    }

    /// Writes the keys of all identities to the front of `keys`, which has room for them.
    package func apply(to identities: [Identity], into keys: inout [UInt64]) {
        precondition(keys.count >= identities.count && MemoryLayout<Identity>.size == MemoryLayout<UInt64>.size)
        identities.withUnsafeBytes { bytes in
            let identities = bytes.assumingMemoryBound(to: UInt64.self)
            guard let start = identities.baseAddress else { return }
            spillway_permute_u64(start, identities.count, words, &keys)
        }
    }

    /// The same for identities as columns hold them.
    func apply(to identities: Span<Int64>, into keys: inout [UInt64]) {
        precondition(keys.count >= identities.count)
        identities.withUnsafeBytes { bytes in
            guard let start = bytes.assumingMemoryBound(to: UInt64.self).baseAddress else { return }
            spillway_permute_u64(start, identities.count, words, &keys)
        }
    }
}
