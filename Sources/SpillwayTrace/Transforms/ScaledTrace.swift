public import SpillwayModel

/// A recording with more or fewer people: each identity there ⌊F⌋ or ⌈F⌉ times, F on average.
///
/// How often is chosen by a hash of the identity, so all attempts of one person stay together, whatever slice they are
/// in. The copies arrive when the person does, copy k by the identity + k · 10¹⁵, modulo 2⁶⁴: that of a telephone number is
/// nobody else's. Below 1 the factor is the share of people that is kept.
public struct ScaledTrace: Trace {
    public static let maximumFactor = 1000.0

    private let base: any Trace
    private let factor: Double
    /// Copies of every identity, and of how many of 2⁶⁴ hashes there is one more.
    private let everyones: Int
    private let threshold: UInt64
    private let identities = FreshIdentities(bound: FreshIdentities.telephoneBound)

    /// - Throws: ``TraceError/scale(_:reason:)`` if the factor is not within 0 … ``maximumFactor``.
    public init(_ base: any Trace, by factor: Double) throws(TraceError) {
        guard factor > 0, factor <= Self.maximumFactor else {
            throw .scale(factor, reason: "a recording is scaled by more than 0 and at most \(Int(Self.maximumFactor))")
        }
        self.base = base
        self.factor = factor
        everyones = Int(factor)
        threshold = UInt64((factor - factor.rounded(.down)) * 0x1p64)
    }

    public var name: String { base.name }

    public var fingerprint: UInt64 {
        factor == 1 ? base.fingerprint : mix(base.fingerprint ^ 0x5343_414c_45 ^ factor.bitPattern)
    }

    /// A slice of the recording makes one for each copy that there can be, so that they stay as large as they were.
    public var sliceCount: Int { base.sliceCount * maximumCopies }
    public var expectedAttempts: Int { Int(Double(base.expectedAttempts) * factor) }
    public var registrationsByRegion: [Region: Int]? { nil }
    public var rejectedRows: RejectedRows? { base.rejectedRows }

    private var maximumCopies: Int { threshold > 0 ? everyones + 1 : everyones }

    /// More than any copy of a telephone number.
    var identityBound: UInt64 { UInt64(maximumCopies) * identities.bound }

    public func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        precondition(index >= 0 && index < sliceCount)
        let (origin, part) = index.quotientAndRemainder(dividingBy: maximumCopies)
        try base.readSlice(origin, into: &slice)
        slice.keep(rows(of: part, in: slice.count))
        copyRows(&slice)
    }

    private func rows(of part: Int, in count: Int) -> Range<Int> {
        part * count / maximumCopies..<(part + 1) * count / maximumCopies
    }

    private func copyRows(_ slice: inout TraceSlice) {
        let most = slice.count * maximumCopies
        if slice.keys.count < most { slice.keys.resize(to: most, filler: 0) }
        var count = 0
        for row in 0..<slice.count {
            for _ in 0..<copies(of: slice.batch.identity[row]) {
                slice.keys[count] = UInt64(row)
                count += 1
            }
        }
        slice.gather(slice.keys, count: count)
        var copy = 0
        for row in 1..<max(1, count) {
            copy = slice.keys[row] == slice.keys[row - 1] ? copy + 1 : 0
            slice.batch.identity[row] = identities.identity(slice.batch.identity[row], copy: copy)
        }
    }

    @inline(__always)
    private func copies(of identity: Identity) -> Int {
        // A key of its own, lest the hash be the one that identities were made with.
        everyones + (mix(identity.rawValue ^ 0x5350_4c49_5453_4341) < threshold ? 1 : 0)
    }
}
