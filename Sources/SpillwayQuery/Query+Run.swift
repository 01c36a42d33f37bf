import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

extension Query {
    /// Counts what the store at `path` holds: every registration that was acknowledged before. Changes nothing, and
    /// needs no lock: another process may have the store open. For more than one query, take a ``Snapshot``.
    ///
    /// - Parameters:
    ///   - threads: How many threads to use; as many as there are processors, and have room, if nil.
    ///   - memoryLimitBytes: The most memory to use, beside what the store's own metadata takes.
    ///   - onProgress: Told how far the query is.
    /// - Throws: ``QueryError``: a value that cannot be, more groups than memory has room for, or a store that cannot
    ///   be read.
    public func run(
        onStoreAt path: String, threads: Int? = nil, memoryLimitBytes: Int = 1 << 30,
        onProgress: QueryProgress.Handler? = nil
    ) throws(QueryError) -> QueryResult {
        // Before any file is opened.
        let plan = try QueryPlan(self)
        do {
            return try StoreView.read(path, system: PosixSystem()) { view in
                try plan.run(on: view, threads: threads, memoryLimitBytes: memoryLimitBytes, onProgress)
            }
        } catch {
            throw QueryError(error)
        }
    }

    package func run(
        on view: StoreView, threads: Int, memoryLimitBytes: Int = 1 << 30
    ) throws(QueryError) -> QueryResult {
        let plan = try QueryPlan(self)
        do {
            return try plan.run(on: view, threads: threads, memoryLimitBytes: memoryLimitBytes)
        } catch {
            throw QueryError(error)
        }
    }
}

extension Snapshot {
    /// Answers a query.
    ///
    /// - Parameter onProgress: Told how far the query is.
    /// - Throws: ``QueryError``: a value that cannot be, more groups than memory has room for, or a store that cannot
    ///   be read.
    /// - Complexity: O(groups + counts in rollups) where rollups know all that is asked: counts of whole minutes, or of
    ///   all time. What they do not know is read from the rows.
    public func run(
        _ query: Query, onProgress: QueryProgress.Handler? = nil
    ) throws(QueryError) -> QueryResult {
        let plan = try QueryPlan(query)
        return try asQueryError { try QueryRun(plan, on: self, onProgress).result() }
    }

    /// The registration of each identity, in their order; nil for one that the store did not hold.
    ///
    /// - Throws: ``QueryError``
    public func find(_ identities: [Identity]) throws(QueryError) -> [Registration?] {
        try asQueryError { try Lookup(identities).run(on: self) }
    }

    private func asQueryError<Result>(_ body: () throws -> Result) throws(QueryError) -> Result {
        do {
            return try body()
        } catch {
            let error = QueryError(error)
            if case .store(.system(let cause)) = error, cause.isNotFound { throw .outdated(path: cause.path) }
            throw error
        }
    }
}

extension QueryPlan {
    /// Answers the one query that is asked of a view.
    func run(
        on view: StoreView, threads: Int?, memoryLimitBytes: Int, _ onProgress: QueryProgress.Handler? = nil
    ) throws -> QueryResult {
        let snapshot = try Snapshot(
            view, threads: threads, memoryLimitBytes: memoryLimitBytes, rollups: .stored, keepsRollups: false)
        return try QueryRun(self, on: snapshot, onProgress).result()
    }
}

extension QueryError {
    /// From what a scan throws.
    init(_ error: any Error) {
        switch error {
        case let error as QueryError: self = error
        case let error as StoreError: self = .store(error)
        case let error as SystemError: self = .store(.system(error))
        default: preconditionFailure("a scan throws no such error: \(error)")
        }
    }
}
