package import SpillwayPlatform

/// Why a gzip file cannot be read.
package enum GzipError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(SystemError)
    /// - Parameter offset: Of the compressed byte at which it was found.
    case damaged(file: String, offset: UInt64, problem: String)

    package var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .damaged(let file, let offset, let problem): "\(file): at byte \(offset): \(problem)"
        }
    }
}
