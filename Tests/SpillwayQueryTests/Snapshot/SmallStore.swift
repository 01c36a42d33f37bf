import SpillwayEngine
import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import SpillwayTestSupport

@testable import SpillwayQuery

/// A store of sealed segments, an open one, and rows in the journal.
struct SmallStore {
    let directory = TemporaryDirectory()
    private let engine: Engine

    init(_ registrations: [Registration]) throws {
        var configuration = smallConfiguration()
        configuration.shardCount = 1
        configuration.largeEpochRows = 100
        configuration.pageRows = 5
        configuration.segmentBytes = 2 << 10
        engine = try Engine.open(at: directory.path, configuration: configuration)
        let stored = registrations.count * 7 / 8
        try engine.ingest(Array(registrations[..<stored]), batchSize: 110)
        try engine.ingest(Array(registrations[stored...]), batchSize: 30)
    }

    func close() throws { try engine.close() }

    func snapshot(
        _ rollups: RollupSource = .rows(), keepsRollups: Bool = true, memoryLimitBytes: Int = 1 << 30
    ) throws -> Snapshot {
        try Snapshot(
            StoreView(path: directory.path, system: PosixSystem()), threads: 2, memoryLimitBytes: memoryLimitBytes,
            rollups: rollups, keepsRollups: keepsRollups)
    }
}
