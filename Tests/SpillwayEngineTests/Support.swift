import Foundation
import SpillwayModel
import SpillwayPlatform

@testable import SpillwayEngine

func registration(_ identity: UInt64, at seconds: Int64 = 0, latencyUs: Int = 1) -> Registration {
    Registration(
        registeredAt: Timestamp(rawValue: 1_633_361_000_000_000 + seconds * 1_000_000),
        identity: Identity(rawValue: identity), country: Country("BR")!, platform: "web", source: "organic",
        latencyUs: latencyUs)
}

extension EngineConfiguration {
    /// Small epochs, row groups and segments, so that a few thousand rows take every path.
    static var small: EngineConfiguration {
        var configuration = EngineConfiguration()
        // No page of the index is touched that holds no key.
        configuration.shardCount = 4
        configuration.indexBytes = 4 << 20
        configuration.rowGroupRows = 2_000
        configuration.largeEpochRows = 500
        configuration.segmentBytes = 60_000
        configuration.maximumCommitDelayUs = 1_000
        return configuration
    }
}
