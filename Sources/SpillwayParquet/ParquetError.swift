import SpillwayPlatform

/// Why a Parquet file, or a part of one, could not be read. Offsets count from the file's first byte.
package enum ParquetError: Error, Hashable, CustomStringConvertible {
    /// The bytes contradict the format, their checksum or each other.
    case damaged(offset: UInt64, problem: String)
    /// Valid Parquet that this reader does not know.
    case unsupported(offset: UInt64, problem: String)
    case unreadable(SystemError)

    package var offset: UInt64? {
        switch self {
        case .damaged(let offset, _), .unsupported(let offset, _): offset
        case .unreadable: nil
        }
    }

    package var problem: String {
        switch self {
        case .damaged(_, let problem), .unsupported(_, let problem): problem
        case .unreadable(let error): error.description
        }
    }

    package var description: String {
        switch self {
        case .damaged(let offset, let problem): "damaged at offset \(offset): \(problem)"
        case .unsupported(let offset, let problem): "not supported, at offset \(offset): \(problem)"
        case .unreadable(let error): error.description
        }
    }
}
