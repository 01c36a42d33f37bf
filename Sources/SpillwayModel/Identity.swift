/// A 64-bit value that names one person: equal identities are the same person.
///
/// Three ways to make one, the caller's choice:
/// - an E.164 telephone number, which is exact: ``init(e164:)``;
/// - any 64-bit id of your own, also exact: ``init(rawValue:)``;
/// - a keyed hash of a string: ``init(hashing:key:)``. Among n strings the odds that any two collide,
///   so that the later one is taken for a duplicate, are n² / 2⁶⁵: 1 in 7 500 for 70 million.
public struct Identity: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// An international telephone number: an optional `+`, then 7 to 15 digits of which the first is not 0
    /// (ITU-T E.164, section 6). Spaces, hyphens, dots and parentheses are passed over. Nil for anything else.
    @inlinable
    public init?(e164 number: some StringProtocol) {
        var value: UInt64 = 0
        var digits = 0
        for (index, byte) in number.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard digits < 15, digits > 0 || byte != UInt8(ascii: "0") else { return nil }
                value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
                digits += 1
            case UInt8(ascii: "+") where index == 0: continue
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("),
                UInt8(ascii: ")"):
                continue
            default: return nil
            }
        }
        guard digits >= 7 else { return nil }
        self.rawValue = value
    }

    /// A person named by a string (an e-mail address, a user name): SipHash-2-4 of its UTF-8 under `key`.
    ///
    /// Keep the key secret and constant for the life of a store: who knows it can make strings collide, and
    /// another key makes known people new.
    /// - Complexity: O(length)
    public init(hashing text: some StringProtocol, key: SipKey) {
        self.rawValue = key.hash(text.utf8)
    }
}

/// In order of the 64 bits as a number without a sign: telephone numbers in their order.
extension Identity: Comparable {
    @inlinable
    public static func < (a: Identity, b: Identity) -> Bool { a.rawValue < b.rawValue }
}
