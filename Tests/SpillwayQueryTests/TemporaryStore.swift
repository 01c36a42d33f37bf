import SpillwayTestSupport
import Foundation
import SpillwayEngine
import SpillwayModel
import SpillwayPlatform

/// Random registrations with distinct identities, over a few days, countries, platforms and sources.
func randomRegistrations(
    _ count: Int, seed: UInt64, days: Int = 3,
    countries: [String] = ["BR", "DE", "IN", "MX", "US", "NG", "AU", "EG"],
    latencies: ClosedRange<Int> = 0...5_000_000
) -> [Registration] {
    var random = SplitMix64(seed: seed)
    let platforms: [Label] = ["ios", "android", "web"]
    let sources: [Label] = ["organic", "invite", "campaign-ü"]
    guard let start = Timestamp(year: 2021, month: 10, day: 4) else { return [] }
    return (0..<count).map { index in
        let offset = Int64.random(in: 0..<Int64(days) * 86_400_000_000, using: &random)
        let code = countries.randomElement(using: &random) ?? "BR"
        return Registration(
            registeredAt: Timestamp(rawValue: start.rawValue + offset),
            // The highest bit too, and no two alike.
            identity: Identity(rawValue: random.next() << 20 | UInt64(index)),
            country: Country(code) ?? .unknown,
            platform: platforms.randomElement(using: &random) ?? "web",
            source: sources.randomElement(using: &random) ?? "organic",
            latencyUs: Int.random(in: latencies, using: &random))
    }
}

/// Random registrations of an hour before and an hour after midnight, few enough to be asked a thousand queries.
func registrationsAroundMidnight(_ count: Int, seed: UInt64) -> [Registration] {
    randomRegistrations(count, seed: seed, days: 1, countries: ["BR", "DE", "IN", "MX"]).map { registration in
        var registration = registration
        let offset = registration.registeredAt.rawValue % 7_200_000_000
        registration.registeredAt.rawValue +=
            82_800_000_000 + offset - registration.registeredAt.rawValue % 86_400_000_000
        return registration
    }
}

/// Small row groups, so that a store has many, of small pages, and small epochs, which stay in the journal.
func smallConfiguration() -> EngineConfiguration {
    var configuration = EngineConfiguration()
    configuration.shardCount = 4
    configuration.indexBytes = 4 << 20
    configuration.rowGroupRows = 4096
    configuration.pageRows = 500
    configuration.largeEpochRows = 1024
    configuration.durability = .written
    configuration.segmentBytes = 256 << 10
    return configuration
}

extension Engine {
    /// Hands over the registrations in batches, each an epoch of its own.
    func ingest(_ registrations: [Registration], batchSize: Int) throws {
        for start in stride(from: 0, to: registrations.count, by: batchSize) {
            let batch = RegistrationBatch(registrations[start..<min(start + batchSize, registrations.count)])
            _ = try submit(batch).wait()
        }
    }
}
