public import SpillwayModel

/// Consecutive attempts of a trace.
public struct TraceSlice: Sendable {
    /// The attempts, in order of arrival.
    public package(set) var batch = RegistrationBatch()
    /// When each attempt arrives, by the trace's clock; never decreases, across slices either.
    public package(set) var arrivedAt: [Timestamp] = []

    /// Room that readers work in, kept from slice to slice.
    var runs: [AttemptRun] = []
    var keys: [UInt64] = []
    var sortRoom: [UInt64] = []
    var bytes: [UInt8] = []

    public init() {}

    public var count: Int { arrivedAt.count }

    /// Sets the length of all columns. The values of rows that were not there before are arbitrary.
    mutating func resize(to count: Int) {
        batch.registeredAt.resize(to: count, filler: Timestamp(rawValue: 0))
        batch.identity.resize(to: count, filler: Identity(rawValue: 0))
        batch.country.resize(to: count, filler: .unknown)
        batch.platform.resize(to: count, filler: .invalid)
        batch.source.resize(to: count, filler: .invalid)
        batch.latencyUs.resize(to: count, filler: 0)
        arrivedAt.resize(to: count, filler: Timestamp(rawValue: 0))
    }
}

extension Array {
    /// Cuts the end off, or appends `filler`; what stays is not touched, nor is memory given back.
    mutating func resize(to newCount: Int, filler: Element) {
        if newCount < count {
            removeLast(count - newCount)
        } else if newCount > count {
            append(contentsOf: repeatElement(filler, count: newCount - count))
        }
    }
}
