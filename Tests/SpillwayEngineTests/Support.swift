import Foundation
import SpillwayModel
import SpillwayPlatform

@testable import SpillwayEngine

struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// A directory that goes with the value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        let url = FileManager.default.temporaryDirectory.appending(path: "spillway-\(UUID().uuidString)")
        path = url.path
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { "\(path)/\(name)" }
}

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
        configuration.rowGroupRows = 2_000
        configuration.largeEpochRows = 500
        configuration.segmentBytes = 60_000
        configuration.maximumCommitDelayUs = 1_000
        return configuration
    }
}
