package import SpillwayParquet
package import SpillwayPlatform

/// Why the table that a Delta log describes cannot be read.
package enum DeltaError: Error {
    /// What is wrong with a file of the log, or with the table, and what can be done.
    case table(path: String, problem: String)
    case unreadable(SystemError)

    package init(_ error: ParquetError, path: String) {
        switch error {
        case .unreadable(let error): self = .unreadable(error)
        case .damaged, .unsupported: self = .table(path: path, problem: error.description)
        }
    }
}
