import Glibc

/// A thread of its own, for work that blocks: never one of the few that run Swift's tasks. Runs on by itself if it is
/// let go of without ``join()``.
package struct WorkerThread: ~Copyable {
    private let handle: pthread_t

    package init(_ body: sending @escaping () -> Void) {
        let box = Unmanaged.passRetained(Body(body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle, nil,
            { argument in
                Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        precondition(code == 0, "no thread could be started: \(String(cString: strerror(code)))")
        self.handle = handle
    }

    deinit { pthread_detach(handle) }

    /// Waits for the body to return.
    package consuming func join() {
        pthread_join(handle, nil)
        discard self
    }

    private final class Body {
        let run: () -> Void
        init(_ run: sending @escaping () -> Void) { self.run = run }
    }
}

package enum CurrentThread {
    /// Lets other threads go first where processors are short.
    package static func lowerPriority() {
        // On Linux a thread's own, though POSIX has it of the process (nptl(7)). What is refused changes nothing else.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    }
}

/// Runs `body` for each index in 0 ..< count on up to `threads` threads at once, and returns when all are done.
/// After an error no new index begins; the first error is thrown.
package func concurrentPerform(
    _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws -> Void
) throws {
    struct Progress {
        var next = 0
        var failure: (any Error)?
    }
    let progress = Monitor(Progress())
    let run: @Sendable () -> Void = {
        while true {
            let index = progress.withLock { progress -> Int? in
                guard progress.failure == nil, progress.next < count else { return nil }
                defer { progress.next += 1 }
                return progress.next
            }
            guard let index else { return }
            do {
                try body(index)
            } catch {
                progress.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }
    let helpers = WorkerThreads(count: max(0, min(threads, count) - 1), run)
    run()
    helpers.join()
    if let failure = progress.withLock({ $0.failure }) { throw failure }
}

/// Threads that all run one body.
package struct WorkerThreads: ~Copyable {
    private let threads: UnsafeMutableBufferPointer<WorkerThread>

    package init(count: Int, _ body: @escaping @Sendable () -> Void) {
        threads = .allocate(capacity: count)
        for index in 0..<count { threads.initializeElement(at: index, to: WorkerThread(body)) }
    }

    /// Waits for all of them. Call exactly once.
    package consuming func join() {
        for index in threads.indices { threads.moveElement(from: index).join() }
        threads.deallocate()
    }
}
