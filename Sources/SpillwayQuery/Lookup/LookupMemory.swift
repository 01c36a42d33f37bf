import SpillwayPlatform

/// How much more of what they read look-ups may keep.
final class LookupMemory: Sendable {
    private let free: Monitor<Int>

    init(limitBytes: Int) { free = Monitor(limitBytes) }

    var freeBytes: Int { free.withLock { $0 } }

    /// False, and nothing is taken, if there is not so much left.
    func take(_ byteCount: Int) -> Bool {
        free.withLock { free in
            guard byteCount <= free else { return false }
            free -= byteCount
            return true
        }
    }

    func giveBack(_ byteCount: Int) { free.withLock { $0 += byteCount } }
}
