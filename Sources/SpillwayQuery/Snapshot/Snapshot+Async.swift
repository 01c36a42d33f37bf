import SpillwayPlatform
import Synchronization

extension Snapshot {
    /// Answers a query on threads of its own; ends it if the task is cancelled.
    ///
    /// - Parameter onProgress: Told how far the query is.
    /// - Throws: ``QueryError``, ``QueryError/cancelled`` if the task was cancelled before the answer was found.
    public func run(
        _ query: Query, onProgress: QueryProgress.Handler? = nil
    ) async throws(QueryError) -> QueryResult {
        let cancellation = Cancellation()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<QueryResult, QueryError>, Never>) in
                _ = WorkerThread { [self] in
                    let result = Result { () throws(QueryError) in
                        try runBlocking(query) { !cancellation.isCancelled && onProgress?($0) ?? true }
                    }
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }

    /// The overload that does not suspend.
    private func runBlocking(
        _ query: Query, _ onProgress: @escaping QueryProgress.Handler
    ) throws(QueryError) -> QueryResult {
        try run(query, onProgress: onProgress)
    }
}

/// Whether a task that waits for a query has been cancelled.
private final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    func cancel() { flag.store(true, ordering: .relaxed) }
    var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
