internal import SpillwayModel

/// Identities for copies of a trace, so that a copy's people are nobody of another copy.
///
/// Copy k of an identity is its value + k · ``bound``, modulo 2⁶⁴; copy 0 is the identity itself. Within a copy that is
/// one-to-one, whatever the identities are: who was one person stays one, who were two stay two. Copies are distinct
/// from each other wherever identities are less than the bound, as all telephone numbers are: the last 15 digits are
/// then the number's own, the digits before them the copy's. Identities beyond the bound, ids of another kind, coincide
/// only where two differ by a multiple of it.
struct FreshIdentities: Sendable {
    /// One more than the greatest E.164 number.
    static let telephoneBound: UInt64 = 1_000_000_000_000_000

    let bound: UInt64

    /// How many copies there is room for.
    var maximumCopies: Int { Int(clamping: UInt64.max / bound) }

    @inline(__always)
    func identity(_ identity: Identity, copy: Int) -> Identity {
        Identity(rawValue: identity.rawValue &+ UInt64(truncatingIfNeeded: copy) &* bound)
    }
}
