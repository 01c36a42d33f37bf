import SpillwayStore

/// Why an engine cannot do what was asked. What concerns single attempts is a ``Refusal``.
public enum EngineError: Error, Hashable, Sendable {
    /// The configuration cannot be used.
    case invalidConfiguration(String)
    /// The store could not be opened, read or written. After a failed write or sync nothing more is acknowledged:
    /// close the engine, mend the cause, open the store again; all that was acknowledged is there.
    case store(StoreError)
    /// The engine was closed before.
    case closed
    /// The store holds more identities than `memoryLimitBytes` has room for.
    case outOfMemory(limitBytes: Int)
}

extension EngineError {
    /// Whether the cause may pass by itself: the disk is full, or the process has too many files open. The engine goes
    /// on trying, and takes nothing new until it succeeds.
    public var isTransient: Bool {
        if case .store(let error) = self { error.isTransient } else { false }
    }
}

extension EngineError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidConfiguration(let problem): problem
        case .store(let error): error.description
        case .closed: "the engine is closed: open the store again"
        case .outOfMemory(let limitBytes):
            "the store's identities do not fit \(limitBytes >> 20) MiB: open it with a larger memory limit"
        }
    }
}

/// Runs `body` with a store's error turned into an engine's.
func asEngineError<Result: ~Copyable>(
    _ body: () throws(StoreError) -> Result
) throws(EngineError) -> Result {
    do {
        return try body()
    } catch {
        throw .store(error)
    }
}
