import SpillwayModel
import SpillwayPlatform
import SpillwayStore

/// Who may change an engine's files beside its own threads.
enum ErasureGate {
    case idle, erasing, closed
}

extension Engine {
    /// Removes persons from the store, so that no file of it holds their identities: commits and seals everything,
    /// writes the segments that hold one anew without it, deletes the old ones and all others that are not in the
    /// table any more. Then the identities may register again; until then they count as known. Ingestion goes on
    /// meanwhile. A query that has begun before begins anew if a file that it reads is deleted.
    ///
    /// Identities that are not registered when this begins are passed over. Takes time in proportion to the store's
    /// size, and blocks for it.
    ///
    /// - Returns: how many registrations were removed.
    /// - Throws: ``EngineError/store(_:)``: call it again to go on, or open the store again, which finishes what was
    ///   begun; ``EngineError/closed``. After a failed sync the engine takes and answers nothing more.
    public func erase(_ identities: [Identity]) throws(EngineError) -> Int {
        try erasures.wait(until: { $0 != .erasing }, notify: true) { (gate) throws(EngineError) in
            if gate == .closed { throw .closed }
            gate = .erasing
        }
        defer { erasures.withLock(notify: true) { $0 = .idle } }
        let (known, lastEpoch) = known(among: identities)
        if known.isEmpty { return 0 }
        try seal(lastEpoch)
        compactor?.pause()
        defer { compactor?.resume() }
        let erasure = Erasure(storeAt: path, rowGroupRows: configuration.rowGroupRows, system: system)
        let erased: Erasure.Erased
        do throws(StoreError) {
            defer { contents.requireRefresh() }
            erased = try erasure.run(known.map(\.rawValue))
        } catch {
            // A failed sync is final for the whole process, whatever it was for.
            if error.isFailedSync { fail(.store(error)) }
            throw .store(error)
        }
        // Not before the intent is gone: what registers from now on must not be erased by whoever opens the store.
        for identity in erased.identities { forget(Identity(rawValue: identity)) }
        return erased.rowCount
    }

    /// The identities that are registered, or about to be, and the last epoch that a row of one may be in.
    private func known(among identities: [Identity]) -> (Set<Identity>, UInt64) {
        var known: Set<Identity> = []
        var lastEpoch: UInt64 = 0
        for identity in identities {
            let key = permutation(identity)
            let (isKnown, epoch) = shard(of: key).withLock { ($0.knows(key), $0.epoch) }
            guard isKnown else { continue }
            known.insert(identity)
            lastEpoch = max(lastEpoch, epoch)
        }
        return (known, lastEpoch)
    }

    private func seal(_ epoch: UInt64) throws(EngineError) {
        intake.askForSeal()
        if let steps {
            while !intake.isSealSettled(epoch), steps.cut() || steps.encode() || steps.append() {}
        }
        try intake.waitForSeal(of: epoch)
    }

    /// Nothing is taken, written or answered from here on.
    private func fail(_ error: EngineError) {
        intake.fail(error)
        ledger.fail(error)
    }

    private func forget(_ identity: Identity) {
        let key = permutation(identity)
        shard(of: key).withLock { $0.forget(key) }
    }

    private func shard(of key: UInt64) -> Monitor<Shard> {
        shards[shardBits == 0 ? 0 : Int(truncatingIfNeeded: key >> UInt64(64 - shardBits))]
    }
}
