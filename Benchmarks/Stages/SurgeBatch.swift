import SpillwayModel
import SpillwayTestSupport

/// Attempts as a surge brings them, the same in every run: a million a second, from few countries for the most part.
enum SurgeBatch {
    enum Identities {
        /// Telephone numbers.
        case e164
        /// Spread evenly over 64 bits.
        case random
    }

    /// Attempts in a batch that a producer hands over.
    static let batchRows = 16_384

    /// 2021-10-04T16:00:00Z.
    private static let startUs: Int64 = 1_633_363_200_000_000
    private static let countries = [
        "IN", "BR", "US", "ID", "RU", "MX", "DE", "TR", "NG", "EG", "IT", "GB", "ES", "AR", "CO", "IR", "PK", "UA",
        "FR", "MY",
    ].compactMap { Country($0) }
    private static let platforms: [Label] = ["android", "ios", "web"]
    private static let sources: [Label] = ["organic", "invite", "link", "campaign-7", "import"]

    /// As one batch, in order of time.
    static func make(rows: Int, _ identities: Identities) -> RegistrationBatch {
        var random = SplitMix64(seed: 20_211_004)
        var batch = RegistrationBatch()
        batch.reserveCapacity(rows)
        for row in 0..<rows {
            let country = skewed(countries, &random)
            let identity =
                switch identities {
                case .e164: UInt64(country.callingCode) * 1_000_000_000 + random.next() % 1_000_000_000
                case .random: random.next()
                }
            batch.append(
                Registration(
                    registeredAt: Timestamp(rawValue: startUs + Int64(row) + Int64(random.next() % 3)),
                    identity: Identity(rawValue: identity), country: country,
                    platform: skewed(platforms, &random), source: skewed(sources, &random),
                    latencyUs: 20_000 + Int(random.next() % 1000 * (random.next() % 1000))))
        }
        return batch
    }

    /// Divided into batches as producers hand them over.
    static func batches(rows: Int, _ identities: Identities) -> [RegistrationBatch] {
        let all = make(rows: rows, identities)
        return stride(from: 0, to: rows, by: batchRows).map { all[$0..<min($0 + batchRows, rows)] }
    }

    /// One of the values, more often an early one.
    private static func skewed<Value>(_ values: [Value], _ random: inout SplitMix64) -> Value {
        let word = random.next()
        let count = UInt64(values.count)
        return values[Int(min((word >> 32) % count, (word & 0xffff_ffff) % count))]
    }
}

extension RegistrationBatch {
    /// In order of identity, as row groups of telephone numbers are.
    func sortedByIdentity() -> RegistrationBatch {
        RegistrationBatch(indices.sorted { identity[$0].rawValue < identity[$1].rawValue }.map { self[$0] })
    }

    private var indices: Range<Int> { 0..<count }
}
