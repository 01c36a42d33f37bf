public import SpillwayModel

/// A trace several times, one after the other, each time by other people.
///
/// The times of repetition k are later by k spans; a span is the time from the first arrival to the last, in whole
/// seconds and longer than it, so that no two repetitions meet. To its identities k · 10¹⁵ is added, modulo 2⁶⁴: those of
/// telephone numbers keep their digits behind the repetition's and are nobody's of another repetition. Ids beyond 10¹⁵
/// coincide only where two differ by a multiple of it. Of a ``ScaledTrace`` the copies count too.
public struct RepeatedTrace: Trace {
    package let base: any Trace
    package let count: Int
    private let spanUs: Int64
    private let identities: FreshIdentities

    /// - Throws: ``TraceError/scale(_:reason:)`` if there are no identities or no times for as many repetitions.
    /// - Complexity: Reads the trace's first and last slice.
    public init(_ base: any Trace, count: Int) throws(TraceError) {
        self.base = base
        self.count = count
        identities = FreshIdentities(
            bound: (base as? ScaledTrace)?.identityBound ?? FreshIdentities.telephoneBound)
        guard (1...identities.maximumCopies).contains(count) else {
            throw .scale(
                Double(count),
                reason: "a trace is repeated 1 to \(identities.maximumCopies) times, for want of identities")
        }
        var slice = TraceSlice()
        guard count > 1, let first = try base.firstArrival(from: 0, &slice), let last = try base.lastArrival(&slice)
        else {
            spanUs = 0
            return
        }
        guard let spanUs = Self.spanUs(from: first, to: last, count: count) else {
            throw .scale(Double(count), reason: "repeated so often, the trace ends after the last time there is")
        }
        self.spanUs = spanUs
    }

    /// Nil if the last repetition would end after the last time there is.
    private static func spanUs(from first: Timestamp, to last: Timestamp, count: Int) -> Int64? {
        let second = Timestamp.microsecondsPerSecond
        let (lengthUs, isTooLong) = last.rawValue.subtractingReportingOverflow(first.rawValue)
        let (spanUs, isOver) = (lengthUs / second * second).addingReportingOverflow(second)
        let (shiftUs, isFar) = spanUs.multipliedReportingOverflow(by: Int64(count))
        let isLate = last.rawValue.addingReportingOverflow(shiftUs).overflow
        return isTooLong || isOver || isFar || isLate ? nil : spanUs
    }

    public var name: String { base.name }

    public var fingerprint: UInt64 {
        count == 1 ? base.fingerprint : mix(base.fingerprint ^ 0x5245_5045_4154 ^ UInt64(count) << 48)
    }

    public var sliceCount: Int { base.sliceCount * count }
    public var expectedAttempts: Int { base.expectedAttempts * count }
    public var registrationsByRegion: [Region: Int]? { base.registrationsByRegion?.mapValues { $0 * count } }
    public var rejectedRows: RejectedRows? { base.rejectedRows }

    public func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        precondition(index >= 0 && index < sliceCount)
        let (repetition, part) = index.quotientAndRemainder(dividingBy: base.sliceCount)
        try base.readSlice(part, into: &slice)
        guard repetition > 0 else { return }
        let shiftUs = Int64(repetition) * spanUs
        for row in 0..<slice.count {
            slice.arrivedAt[row].rawValue &+= shiftUs
            slice.batch.identity[row] = identities.identity(slice.batch.identity[row], copy: repetition)
            // A time of registration may be anything, and is the engine's to judge.
            slice.batch.registeredAt[row].rawValue &+= shiftUs
        }
    }
}
