import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore
import Synchronization

extension Query {
    /// Counts what the store at `path` holds: every registration that was acknowledged before. Changes nothing, and
    /// needs no lock: another process may have the store open.
    ///
    /// - Parameters:
    ///   - threads: How many threads to use; as many as there are processors, and have room, if nil.
    ///   - memoryLimitBytes: The most memory to use, beside what the store's own metadata takes.
    /// - Throws: ``QueryError``: a value that cannot be, more groups than memory has room for, or a store that cannot
    ///   be read.
    public func run(
        onStoreAt path: String, threads: Int? = nil, memoryLimitBytes: Int = 1 << 30
    ) throws(QueryError) -> QueryResult {
        // Before any file is opened.
        let plan = try QueryPlan(self)
        do {
            return try StoreView.read(path, system: PosixSystem()) { view in
                try plan.run(
                    on: view, threads: threads ?? Process.processorCount, memoryLimitBytes: memoryLimitBytes)
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

extension QueryPlan {
    func run(on view: StoreView, threads: Int, memoryLimitBytes: Int) throws -> QueryResult {
        let scan = Scan(view, threads: threads, memoryLimitBytes: memoryLimitBytes)
        let names = NameTable()
        let counts = try scan.counts(self, names)
        let groups = SortedGroups(counts, plan: self, names: names.names)
        return groups.result(try scan.percentiles(self, names, groups))
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
