import SpillwayStore

/// Why an engine cannot do what was asked. What concerns single attempts is a ``Refusal``.
public enum EngineError: Error, Hashable, Sendable {
    /// The configuration cannot be used.
    case invalidConfiguration(String)
    /// The store could not be opened, read or written. After a failed write or sync nothing more is acknowledged:
    /// close the engine, mend the cause, open the store again; all that was acknowledged is there.
    case store(StoreError)
    /// The engine was closed.
    case closed
}

extension EngineError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidConfiguration(let problem): problem
        case .store(let error): error.description
        case .closed: "the engine is closed: open the store again"
        }
    }
}
