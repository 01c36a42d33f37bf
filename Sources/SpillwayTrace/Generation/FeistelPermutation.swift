/// A keyed permutation of 0 ..< `domain` that looks random: distinct inputs give distinct outputs, by construction
/// and not by remembering.
///
/// A generalised Feistel network over a × b ≥ domain with cycle-walking (Black and Rogaway, "Ciphers with
/// Arbitrary Finite Domains", 2002). Four rounds of fast mixing, for realistic data: no secrecy is claimed.
struct FeistelPermutation: Sendable {
    let domain: UInt64
    private let a: UInt64
    private let b: UInt64
    /// ⌈2⁶⁴ / b⌉, for dividing by b.
    private let reciprocal: UInt64
    private let key0: UInt64
    private let key1: UInt64
    private let key2: UInt64
    private let key3: UInt64

    /// - Precondition: 1 ≤ `domain` < 2⁴⁰, which keeps the division by `reciprocal` exact and both halves
    ///   below 2³².
    init(domain: UInt64, key: UInt64) {
        precondition(domain >= 1 && domain < 1 << 40)
        self.domain = domain
        // At least 2, as 2⁶⁴ / 1 does not fit. What lies outside the domain is less than b of about b².
        b = max(2, UInt64(Double(domain).squareRoot().rounded(.up)))
        a = (domain + b - 1) / b
        reciprocal = UInt64.max / b + 1
        key0 = mix(key &+ 1)
        key1 = mix(key &+ 2)
        key2 = mix(key &+ 3)
        key3 = mix(key &+ 4)
    }

    /// - Precondition: `index` < `domain`
    @inline(__always)
    subscript(index: UInt64) -> UInt64 {
        assert(index < domain)
        var value = encipher(index)
        // Ends: the cycle that `index` lies on comes back to `index`, which is in the domain.
        while value >= domain { value = encipher(value) }
        return value
    }

    @inline(__always)
    private func encipher(_ value: UInt64) -> UInt64 {
        // value / b: exact, as value · b < 2⁶⁴.
        var left = value.multipliedFullWidth(by: reciprocal).high
        var right = value &- left &* b
        left = add(left, Self.round(right, key0, a), modulo: a)
        right = add(right, Self.round(left, key1, b), modulo: b)
        left = add(left, Self.round(right, key2, a), modulo: a)
        right = add(right, Self.round(left, key3, b), modulo: b)
        return left &* b &+ right
    }

    /// A value below `bound` < 2³² that `half` and `key` choose.
    @inline(__always)
    private static func round(_ half: UInt64, _ key: UInt64, _ bound: UInt64) -> UInt64 {
        var x = (half ^ key) &* 0xbf58_476d_1ce4_e5b9
        x ^= x >> 29
        x = x &* 0x94d0_49bb_1331_11eb
        return ((x >> 32) &* bound) >> 32
    }

    @inline(__always)
    private func add(_ x: UInt64, _ y: UInt64, modulo m: UInt64) -> UInt64 {
        let sum = x &+ y
        return sum >= m ? sum &- m : sum
    }
}
