import Foundation
import SpillwayModel
import Testing

@testable import SpillwayTrace

/// The rows of the fixtures that other programs wrote: the formula of Fixtures/make.
struct ForeignRow {
    var row: Int

    static let count = 200

    /// What a recording says of each row; it arrives when it is registered.
    ///
    /// - Parameters:
    ///   - unitUs: what the file's times are cut to.
    ///   - hasNulls: whether the file lacks some values.
    static func attempts(unitUs: Int64 = 1, hasNulls: Bool = false) -> [RecordedAttempt] {
        (0..<count).map { ForeignRow(row: $0).attempt(unitUs: unitUs, hasNulls: hasNulls) }
    }

    func attempt(unitUs: Int64 = 1, hasNulls: Bool = false) -> RecordedAttempt {
        let us = 1_633_361_400_000_000 + Int64(row) * 1_000_000 + Int64(row * row * 7919 % 1_000_000)
        let time = Timestamp(rawValue: us / unitUs * unitUs)
        let platforms: [Label] = ["ios", "android", "web", "desktop"]
        let sources: [Label] = ["organic", "invite", "Größe 大"]
        return RecordedAttempt(
            registration: Registration(
                registeredAt: time, identity: Identity(rawValue: 5_511_900_000_000 + UInt64(row) * 7919),
                country: Country(["BR", "IN", "NG"][row * 7 % 3]) ?? .unknown,
                platform: hasNulls && row % 10 == 3 ? "unknown" : platforms[row % 4],
                source: hasNulls && row % 7 == 2 ? "unknown" : sources[row * row % 3],
                latencyUs: hasNulls && row % 11 == 5 ? 0 : 1000 + row * 37 % 5000),
            arrivedAt: time)
    }
}

/// Where the fixtures are.
func fixture(_ name: String) throws -> String {
    let directory = Bundle.module.resourceURL?.appendingPathComponent("recordings")
    return try #require(directory).appendingPathComponent(name).path
}
