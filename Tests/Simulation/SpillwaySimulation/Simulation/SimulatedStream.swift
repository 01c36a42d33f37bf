import SpillwayModel
import SpillwayTestSupport

/// Attempts out of a small space of identities, so that many are retries. Each has a time of its own, which tells it
/// from every other: attempts of the stream, which can be sent again, and attempts of single batches.
struct SimulatedStream {
    static let fingerprint: UInt64 = 0x5350_494c_4c57_4159

    private static let firstTimeUs: Int64 = 1_633_305_600_000_000
    private static let firstSingleTimeUs = firstTimeUs + 1_000_000_000
    // Interned in this order whatever runs before, so that codes do not depend on it.
    private static let labels: [Label] = ["ios", "android", "web", "organic", "invite", "campaign"]
    private static let countries: [Country] = ["BR", "RU", "IN", "TR", "US"].compactMap { Country($0) }

    private let seed: UInt64
    private let identityCount: UInt64
    private var singles: Int64 = 0

    init(seed: UInt64, identityCount: Int) {
        self.seed = seed
        self.identityCount = UInt64(identityCount)
        _ = Self.labels
    }

    /// An attempt of the stream, by its position.
    func attempt(_ position: UInt64) -> Registration {
        registration(timeUs: Self.firstTimeUs + Int64(position))
    }

    /// The next attempt of those that are sent once.
    mutating func single() -> Registration {
        singles += 1
        return registration(timeUs: Self.firstSingleTimeUs + singles)
    }

    /// One attempt for every identity there is.
    mutating func everyIdentity() -> [Registration] {
        (0..<identityCount).map { number in
            var attempt = single()
            attempt.identity = Identity(rawValue: Self.identity(number))
            attempt.latencyUs = 1
            return attempt
        }
    }

    private func registration(timeUs: Int64) -> Registration {
        var random = SplitMix64(seed: seed ^ UInt64(bitPattern: timeUs))
        let word = random.next()
        return Registration(
            registeredAt: Timestamp(rawValue: timeUs),
            identity: Identity(rawValue: Self.identity(random.next() % identityCount)),
            country: Self.countries[Int(word % 5)], platform: Self.labels[Int((word >> 8) % 3)],
            source: Self.labels[3 + Int((word >> 16) % 3)],
            latencyUs: (word >> 24) % 50 == 0 ? -1 : Int((word >> 40) % 1000))
    }

    /// Some look like telephone numbers, some like hashes: row groups order them differently.
    private static func identity(_ number: UInt64) -> UInt64 {
        number % 2 == 0 ? 5_511_900_000_000 + number * 7919 : (number &+ 1) &* 0x9e37_79b9_7f4a_7c15
    }

    // MARK: Which attempt is it?

    func identity(of position: UInt64) -> UInt64 { attempt(position).identity.rawValue }
    func isValid(_ position: UInt64) -> Bool { attempt(position).latencyUs >= 0 }

    /// The position of a stored row in the stream; nil if it is none of its attempts.
    func attempt(of row: Registration) -> UInt64? {
        let timeUs = row.registeredAt.rawValue
        guard timeUs >= Self.firstTimeUs, timeUs < Self.firstSingleTimeUs else { return nil }
        return UInt64(timeUs - Self.firstTimeUs)
    }
}
