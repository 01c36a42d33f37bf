import SpillwayModel
import SpillwayPlatform
import SpillwayStore

extension Engine {
    /// What the store holds at this moment: every registration that was acknowledged before, and no epoch in part.
    /// Touches no file, keeps nobody waiting, and is not changed by what comes in later; after a failure of the engine it
    /// is what was acknowledged until then.
    ///
    /// A file that the view has may be deleted later, by a vacuum or an erasure: ``read(_:)`` then begins anew.
    ///
    /// With ``Durability/memory`` an answer comes before anything is written: what was answered is written first.
    ///
    /// - Throws: ``EngineError/closed``; ``EngineError/store(_:)`` if an erasure has been and the table's log cannot be
    ///   read since, or what was answered from memory cannot be written.
    /// - Complexity: O(1), but for the first view after an erasure.
    package func view() throws(EngineError) -> StoreView {
        guard erasures.withLock({ $0 != .closed }) else { throw .closed }
        if configuration.durability == .memory { try commitAnswered() }
        return try asEngineError { () throws(StoreError) in try contents.view() }
    }

    /// Takes a view and reads from it; if a file that it has is deleted meanwhile, anew from a view taken then.
    ///
    /// - Throws: what `body` throws, and what ``view()`` does.
    package func read<Result>(_ body: (StoreView) throws -> Result) throws -> Result {
        try StoreView.read(
            taking: { isAgain in
                if isAgain { try contents.refresh() }
                return try view()
            }, body)
    }

    /// Has the epochs written that anything answered so far is in.
    private func commitAnswered() throws(EngineError) {
        let epoch = intake.urgeAll()
        if let steps {
            while try !ledger.isCommitted(epoch), steps.cut() || steps.encode() || steps.append() {}
        }
        try ledger.wait(for: epoch)
    }
}
