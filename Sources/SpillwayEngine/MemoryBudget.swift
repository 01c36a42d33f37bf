import Synchronization

/// Bytes that an engine may hold, shared by everything in it that grows.
final class MemoryBudget: Sendable {
    let limitBytes: Int
    private let usedBytes = Atomic<Int>(0)

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    /// Takes `bytes` out of the budget; false, and nothing taken, if there are not as many left.
    func reserve(_ bytes: Int) -> Bool {
        let (_, used) = usedBytes.add(bytes, ordering: .relaxed)
        if used <= limitBytes { return true }
        release(bytes)
        return false
    }

    func release(_ bytes: Int) {
        usedBytes.subtract(bytes, ordering: .relaxed)
    }
}
