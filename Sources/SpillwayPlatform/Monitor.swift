import Glibc

/// State behind a lock, with waiting for the state to change: what `Mutex` lacks. Also where
/// nobody waits, this is the lock to use: the thread sanitizer knows it, and takes what a `Mutex` guards for a race.
///
/// Every `withLock` that may make some waiter's condition true must say so with `notify: true`.
package final class Monitor<State: ~Copyable>: @unchecked Sendable {
    // Unchecked: `state` is only touched between lock and unlock of `mutex`.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var state: State

    package init(_ state: consuming sending State) {
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        self.state = state
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    @inline(__always)
    package func withLock<Result: ~Copyable, Failure: Error>(
        notify: Bool = false, _ body: (inout sending State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_mutex_unlock(mutex)
            if notify { pthread_cond_broadcast(changed) }
        }
        return try body(&state)
    }

    /// As ``withLock(notify:_:)``; `waited` grows by what taking the lock took if it was not free. A free one costs no
    /// more than it does otherwise.
    @inline(__always)
    package func withLock<Result: ~Copyable, Failure: Error>(
        waited: inout TimeSpent, _ body: (inout sending State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        if pthread_mutex_trylock(mutex) != 0 { waitForLock(&waited) }
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    @inline(never)
    private func waitForLock(_ waited: inout TimeSpent) {
        let (processorNs, us) = (ThreadClock.nowNs(), MonotonicClock.nowUs())
        pthread_mutex_lock(mutex)
        waited += TimeSpent(
            count: 1, processorNs: ThreadClock.nowNs() - processorNs, elapsedUs: MonotonicClock.nowUs() - us)
    }

    /// Has every waiter look at its condition again: for changes made without `notify`.
    package func notify() { pthread_cond_broadcast(changed) }

    /// Waits until `condition` holds, then runs `body` under the same lock.
    package func wait<Result: ~Copyable, Failure: Error>(
        until condition: (borrowing State) -> Bool, notify: Bool = false,
        _ body: (inout sending State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_mutex_unlock(mutex)
            if notify { pthread_cond_broadcast(changed) }
        }
        while !condition(state) { pthread_cond_wait(changed, mutex) }
        return try body(&state)
    }

    /// Waits until `condition` holds or `timeoutUs` microseconds have passed; true if it holds.
    @discardableResult
    package func wait(until condition: (borrowing State) -> Bool, timeoutUs: Int64) -> Bool {
        let deadline = timespec(monotonicUs: MonotonicClock.nowUs() + timeoutUs)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !condition(state) {
            var deadline = deadline
            if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { return condition(state) }
        }
        return true
    }
}

extension timespec {
    fileprivate init(monotonicUs us: Int64) {
        self.init(tv_sec: Int(us / 1_000_000), tv_nsec: Int(us % 1_000_000) * 1000)
    }
}
