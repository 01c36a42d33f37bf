import SpillwayModel
import SpillwayPlatform
import SpillwayStore
import Synchronization

extension Engine {
    /// Opens the store in the directory `path`, making one if the directory is new or empty, and starts the engine's
    /// threads. A store that was closed or killed goes on where it was: its identities are known, and what a crash
    /// left in the open segment and the journal is there.
    ///
    /// - Throws: ``EngineError``: the configuration cannot be used, the directory holds something else, another
    ///   process has it open, its files are damaged, or the system refuses.
    /// - Complexity: O(registrations in the store), in parallel.
    public static func open(
        at path: String, configuration: EngineConfiguration = EngineConfiguration()
    ) throws(EngineError) -> Engine {
        try open(at: path, configuration: configuration, system: PosixSystem())
    }

    package static func open(
        at path: String, configuration: EngineConfiguration, system: any System, drive: Drive = .threads
    ) throws(EngineError) -> Engine {
        let configuration = try configuration.fitted()
        let opened = try asEngineError { () throws(StoreError) in
            try Store.open(path, system: system)
        }
        let recovery = try Recovery(
            configuration: configuration,
            permutation: IdentityPermutation(key: opened.store.metadata.routingKey),
            lastEpoch: opened.store.lastEpoch)
        let threads = drive == .threads ? Process.processorCount : 1
        try recovery.remember(opened.view, threads: threads)
        let pool = RowBlockPool()
        var encoderMemory = EncoderMemory(pageRows: configuration.pageRows)
        let expected = configuration.expectedRegistrations
        if expected > 0 {
            recovery.populate(threads: threads)
            pool.populate(rowCount: min(configuration.bufferedRows, expected))
            encoderMemory = EncoderMemory(
                pageRows: configuration.pageRows, encoderCount: configuration.encoderCount,
                rowCount: min(configuration.rowGroupRows, expected))
        }
        return Engine(
            path: path, configuration: configuration, permutation: recovery.permutation,
            shards: recovery.shards, pool: pool, encoderMemory: encoderMemory,
            recovered: Committer.Recovered(
                pending: pool.pack(opened.view.journaled), outcomes: opened.view.journaledOutcomes.total,
                lastRowGroupEpoch: opened.store.lastRowGroupEpoch, lastMark: opened.store.lastEpoch),
            store: opened.store, system: system, drive: drive)
    }
}

/// Fills the shards of an engine that is being opened with the identities that its store holds.
private struct Recovery: Sendable {
    let permutation: IdentityPermutation
    let shards: [Monitor<Shard>]
    private let shardBits: Int
    private let limitBytes: Int

    init(configuration: EngineConfiguration, permutation: IdentityPermutation, lastEpoch: EpochMark) throws(EngineError)
    {
        // Identities are spread evenly, so shards fill up alike.
        let indexBytes = configuration.indexBytes / configuration.shardCount
        let sharedBits = configuration.shardCount.trailingZeroBitCount
        self.permutation = permutation
        shardBits = sharedBits
        limitBytes = configuration.memoryLimitBytes
        shards = try (0..<configuration.shardCount).map { number throws(EngineError) in
            guard
                var shard = Shard(
                    number: number, sharedBits: sharedBits, indexBytes: indexBytes, epoch: lastEpoch.number + 1,
                    passed: lastEpoch.position)
            else { throw .outOfMemory(limitBytes: configuration.memoryLimitBytes) }
            shard.reserve(configuration.expectedRegistrations / configuration.shardCount)
            return Monitor(shard)
        }
    }

    /// Takes the memory that expected identities will need.
    func populate(threads: Int) {
        try? concurrentPerform(shards.count, threads: threads) { number in shards[number].withLock { $0.populate() } }
    }

    /// Enters every stored identity, row group by row group, several at once.
    func remember(_ view: StoreView, threads: Int) throws(EngineError) {
        for shard in shards { shard.withLock { $0.reserve(view.rowCount / shards.count) } }
        do {
            try view.forEachIdentityColumn(threads: threads) { identities in try remember(identities) }
            try rememberJournaled(view.journaled)
        } catch let error as StoreError {
            throw .store(error)
        } catch RememberFailure.memoryFull {
            throw .outOfMemory(limitBytes: limitBytes)
        } catch {
            let problem = "an identity is stored twice"
            throw .store(.damaged(path: view.path, offset: 0, problem: problem))
        }
    }

    private func rememberJournaled(_ rows: RegistrationBatch) throws(RememberFailure) {
        let identities = rows.identity.map { Int64(bitPattern: $0.rawValue) }
        try remember(identities.span)
    }

    private func remember(_ identities: Span<Int64>) throws(RememberFailure) {
        var route = BatchRoute()
        route.fill(from: identities, permutation: permutation, shardBits: shardBits)
        for (index, shard) in shards.enumerated() {
            try shard.withLock { (shard) throws(RememberFailure) in
                try shard.remember(route, part: route.part(of: index))
            }
        }
    }
}
