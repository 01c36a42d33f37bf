/// The unit that a producer hands over: attempts in columns, all of one length.
///
/// 1 to about 64 Ki attempts; larger ones work, smaller ones cost more per attempt. Nothing is judged here: an
/// attempt with an unknown country or an impossible latency is carried as it is, and the engine refuses it.
public struct RegistrationBatch: Sendable {
    package var registeredAt: [Timestamp] = []
    package var identity: [Identity] = []
    package var country: [Country] = []
    package var platform: [Label] = []
    package var source: [Label] = []
    /// Microseconds; −1 stands for any value outside 0 … 2³¹−1.
    package var latencyUs: [Int32] = []

    public init() {}

    public init(_ registrations: some Sequence<Registration>) {
        reserveCapacity(registrations.underestimatedCount)
        for registration in registrations { append(registration) }
    }

    /// Attempts in the batch.
    public var count: Int { identity.count }
    public var isEmpty: Bool { identity.isEmpty }

    public mutating func reserveCapacity(_ capacity: Int) {
        registeredAt.reserveCapacity(capacity)
        identity.reserveCapacity(capacity)
        country.reserveCapacity(capacity)
        platform.reserveCapacity(capacity)
        source.reserveCapacity(capacity)
        latencyUs.reserveCapacity(capacity)
    }

    public mutating func removeAll(keepingCapacity: Bool = true) {
        registeredAt.removeAll(keepingCapacity: keepingCapacity)
        identity.removeAll(keepingCapacity: keepingCapacity)
        country.removeAll(keepingCapacity: keepingCapacity)
        platform.removeAll(keepingCapacity: keepingCapacity)
        source.removeAll(keepingCapacity: keepingCapacity)
        latencyUs.removeAll(keepingCapacity: keepingCapacity)
    }

    /// - Complexity: amortised O(1)
    public mutating func append(_ registration: Registration) {
        registeredAt.append(registration.registeredAt)
        identity.append(registration.identity)
        country.append(registration.country)
        platform.append(registration.platform)
        source.append(registration.source)
        latencyUs.append(registration.latencyUs < 0 ? -1 : Int32(exactly: registration.latencyUs) ?? -1)
    }

    /// - Complexity: O(length of `other`)
    public mutating func append(contentsOf other: RegistrationBatch) {
        registeredAt += other.registeredAt
        identity += other.identity
        country += other.country
        platform += other.platform
        source += other.source
        latencyUs += other.latencyUs
    }

    /// The attempt at `index`; `latencyUs` is −1 if what was appended did not fit.
    public subscript(index: Int) -> Registration {
        Registration(
            registeredAt: registeredAt[index], identity: identity[index], country: country[index],
            platform: platform[index], source: source[index], latencyUs: Int(latencyUs[index]))
    }

    /// The attempts in `range`, as a batch of their own.
    ///
    /// - Complexity: O(length of the range)
    public subscript(range: Range<Int>) -> RegistrationBatch {
        var part = RegistrationBatch()
        part.registeredAt = Array(registeredAt[range])
        part.identity = Array(identity[range])
        part.country = Array(country[range])
        part.platform = Array(platform[range])
        part.source = Array(source[range])
        part.latencyUs = Array(latencyUs[range])
        return part
    }
}
