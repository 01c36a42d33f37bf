import SpillwayEngine
import SpillwayModel
import SpillwayQuery
import SpillwayTestSupport

/// An engine's whole work from batches to a sealed segment, on one thread. Nothing waits for the disk.
final class Ingesting: StageWork {
    private let batches: [RegistrationBatch]
    private var store: TemporaryDirectory
    private var engine: Engine?
    let unitCount: Int

    init(rows: Int) throws {
        batches = SurgeBatch.batches(rows: rows, .e164)
        unitCount = rows
        store = TemporaryDirectory()
    }

    /// The store that the last run left.
    var storePath: String { store.path }

    func reset() throws {
        store = TemporaryDirectory()
        var configuration = EngineConfiguration()
        configuration.durability = .memory
        configuration.memoryLimitBytes = 1 << 30
        configuration.compactsInBackground = false
        engine = try Engine.open(at: store.path, configuration: configuration, system: SteadySystem(), drive: .steps)
    }

    func run() throws {
        guard let engine, let steps = engine.steps else { throw StageError(description: "the engine is not open") }
        for batch in batches {
            _ = try engine.submit(batch)
            while steps.cut() || steps.encode() || steps.append() {}
        }
        try engine.close()
        let kept = engine.registrationCount
        guard kept > unitCount / 100 * 99 else {
            throw StageError(description: "the engine kept \(kept) of \(unitCount) registrations")
        }
    }
}

/// Counting a store's registrations by a column of names, on one thread.
final class Counting: StageWork {
    private let ingesting: Ingesting
    private let query: Query

    init(rows: Int) throws {
        ingesting = try Ingesting(rows: rows)
        try ingesting.reset()
        try ingesting.run()
        var query = Query()
        query.groupBy = [.platform]
        self.query = query
    }

    var unitCount: Int { ingesting.unitCount }

    func run() throws {
        let result = try query.run(onStoreAt: ingesting.storePath, threads: 1)
        guard result.rows.count == 3 else {
            throw StageError(description: "the query found \(result.rows.count) platforms of 3")
        }
    }
}
