import Synchronization

/// Results that nobody asks for, so that the compiler does not drop the work that led to them.
enum Sink {
    private static let last = Atomic<UInt64>(0)

    static func keep(_ value: some BinaryInteger) { last.store(UInt64(truncatingIfNeeded: value), ordering: .relaxed) }
}
