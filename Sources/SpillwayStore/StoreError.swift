import SpillwayParquet
import SpillwayPlatform

/// What can go wrong with a store's files.
public enum StoreError: Error, Hashable, Sendable {
    /// The directory holds something else.
    case notAStore(path: String)
    /// There is something already where a new store was to be made.
    case exists(path: String)
    /// There is no such directory.
    case missing(path: String)
    /// Another process writes the store; `holder` names it as far as is known.
    case inUse(path: String, holder: String)
    /// Another process, or another part of this one, compacts, vacuums or erases; `holder` names it as far as is known.
    case underMaintenance(path: String, holder: String)
    /// Bytes that were acknowledged, or that describe them, are not what was written.
    case damaged(path: String, offset: UInt64, problem: String)
    /// The system refused a call.
    case system(SystemError)
}

extension StoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notAStore(let path):
            "\(path) is not a Spillway store: name a store, or a new or empty directory to make one"
        case .exists(let path):
            "\(path) is there already: name a directory that is to be made"
        case .missing(let path):
            "\(path): there is no such store"
        case .inUse(let path, let holder):
            "\(path) is open for writing in \(holder): close it there first, or use another directory"
        case .underMaintenance(let path, let holder):
            "\(path) is being compacted, vacuumed or erased from by \(holder): try again once that is done"
        case .damaged(let path, let offset, let problem):
            "\(path) is damaged at byte \(offset): \(problem)"
        case .system(let error):
            error.isOutOfSpace ? "\(error): make room and open the store again" : error.description
        }
    }
}

extension StoreError {
    /// Whether what failed can be tried again as it was: see ``SystemError/isTransient``.
    package var isTransient: Bool {
        if case .system(let error) = self { error.isTransient } else { false }
    }

    /// Whether it is final for the process: see ``SystemError/isTransient``.
    package var isFailedSync: Bool {
        if case .system(let error) = self { error.isFailedSync } else { false }
    }

    /// Whether a file is gone that was there when somebody looked.
    var isDeletedFile: Bool {
        if case .system(let error) = self { error.isNotFound } else { false }
    }

    /// - Parameter start: where in the file the bytes begin that the error's offset counts from.
    package init(_ error: ParquetError, path: String, from start: UInt64 = 0) {
        if case .unreadable(let error) = error {
            self = .system(error)
        } else {
            self = .damaged(path: path, offset: start + (error.offset ?? 0), problem: error.problem)
        }
    }
}

/// Runs `body` with the errors of the lower layers turned into a ``StoreError``.
func asStoreError<Result>(_ path: String, _ body: () throws -> Result) throws(StoreError) -> Result {
    do {
        return try body()
    } catch let error as StoreError {
        throw error
    } catch let error as SystemError {
        throw .system(error)
    } catch let error as ParquetError {
        throw StoreError(error, path: path)
    } catch {
        throw .damaged(path: path, offset: 0, problem: "\(error)")
    }
}
