/// A 128-bit key for SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).
public struct SipKey: Hashable, Sendable {
    let k0: UInt64
    let k1: UInt64

    /// A key of two 64-bit words, little-endian halves of the 16 key bytes.
    public init(_ k0: UInt64, _ k1: UInt64) {
        self.k0 = k0
        self.k1 = k1
    }

    /// A fresh random key from the system's generator.
    public static func random() -> SipKey {
        var generator = SystemRandomNumberGenerator()
        return SipKey(generator.next(), generator.next())
    }

    func hash(_ bytes: some Collection<UInt8>) -> UInt64 {
        // A native string lends its bytes; what cannot is copied.
        bytes.withContiguousStorageIfAvailable { hash(UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { hash($0) }
    }

    func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = SipState(key: self)
        let tail = bytes.count & ~7
        for offset in stride(from: 0, to: tail, by: 8) {
            state.compress(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        }
        var word = UInt64(truncatingIfNeeded: bytes.count) << 56
        for offset in tail..<bytes.count {
            word |= UInt64(bytes[offset]) << UInt64(8 * (offset - tail))
        }
        state.compress(word)
        return state.finish()
    }
}

private struct SipState {
    var v0, v1, v2, v3: UInt64

    init(key: SipKey) {
        v0 = key.k0 ^ 0x736f_6d65_7073_6575
        v1 = key.k1 ^ 0x646f_7261_6e64_6f6d
        v2 = key.k0 ^ 0x6c79_6765_6e65_7261
        v3 = key.k1 ^ 0x7465_6462_7974_6573
    }

    mutating func compress(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    mutating func finish() -> UInt64 {
        v2 ^= 0xff
        for _ in 0..<4 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    private mutating func round() {
        v0 &+= v1
        v1 = v1.rotated(left: 13) ^ v0
        v0 = v0.rotated(left: 32)
        v2 &+= v3
        v3 = v3.rotated(left: 16) ^ v2
        v0 &+= v3
        v3 = v3.rotated(left: 21) ^ v0
        v2 &+= v1
        v1 = v1.rotated(left: 17) ^ v2
        v2 = v2.rotated(left: 32)
    }
}

extension UInt64 {
    fileprivate func rotated(left bits: UInt64) -> UInt64 {
        self << bits | self >> (64 - bits)
    }
}
