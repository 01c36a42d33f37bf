import SpillwayEngine
import SpillwayPlatform
import SpillwayQuery
import SpillwayStore

extension Engine {
    /// Takes a snapshot of every registration that was acknowledged before, from memory: ingestion goes on meanwhile, and
    /// queries of the snapshot do not see what it brings.
    ///
    /// ```swift
    /// var byRegion = Query()
    /// byRegion.groupBy = [.region]
    /// for row in try await engine.snapshot().run(byRegion).rows { … }
    /// ```
    ///
    /// - Parameters:
    ///   - threads: How many threads queries use; as many as there are processors, and have room, if nil.
    ///   - memoryLimitBytes: The most memory that the snapshot and a query of it use, beside what the engine has.
    ///   - previous: A snapshot of this engine that the new one takes over from: what its look-ups keep in memory of
    ///     files that are still there serves both.
    /// - Throws: ``EngineError``: the engine is closed, or cannot write what it answered from memory; ``StoreError``.
    /// - Complexity: O(row groups); the first query reads what rollups the files have.
    public func snapshot(
        threads: Int? = nil, memoryLimitBytes: Int = 1 << 30, after previous: Snapshot? = nil
    ) throws -> Snapshot {
        try Snapshot(view(), threads: threads, memoryLimitBytes: memoryLimitBytes, after: previous)
    }
}
