public import SpillwayPlatform
public import SpillwayStore

/// Why a trace cannot be opened, read or written.
public enum TraceError: Error, Sendable {
    /// The name does not tell what the file is.
    case unknownKind(path: String)
    /// A recording holds what it holds: `option` only means something for a scenario.
    case notForRecordings(path: String, option: String)
    /// A scenario's or a store's columns are known: `option` only means something for a recording.
    case onlyForRecordings(path: String, option: String)
    /// The scale that was asked for cannot be had.
    case scale(Double, reason: String)
    case scenario(ScenarioError)
    case recording(RecordingError)
    /// A store that is replayed cannot be read.
    case store(StoreError)
    /// A segment of a store was deleted while the store was being read.
    case segmentDeleted(path: String)
    case system(SystemError)
}

extension TraceError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownKind(let path):
            "\(path): not a trace by its name: a scenario ends in .yaml, a recording in .csv, .csv.gz or .parquet, or is "
                + "a directory of Parquet files, and a store is a directory"
        case .notForRecordings(let path, let option):
            "\(path): a recording is replayed as it is: leave the \(option) out, or give a scenario"
        case .onlyForRecordings(let path, let option):
            "\(path): only a recording has \(option): leave that out, or give a .csv or .parquet"
        case .scale(let scale, let reason):
            "scale \(scale): \(reason)"
        case .scenario(let error): error.description
        case .recording(let error): error.description
        case .store(let error): error.description
        case .segmentDeleted(let path):
            "\(path) was deleted by an erasure or a vacuum since the store was opened for reading: start again"
        case .system(let error): error.description
        }
    }
}

/// What is wrong with a scenario file, and where.
public struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    /// From 1.
    public let line: Int
    /// The path of keys from the top, such as `regions.Asia.share`; empty for the file as a whole.
    public let key: String
    /// What was found, and what is allowed.
    public let problem: String

    public var description: String {
        "\(file):\(line): \(key.isEmpty ? "" : key + ": ")\(problem)"
    }
}

/// What is wrong with a recording, and where.
public struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    /// The line that a CSV file's row begins in, row of a Parquet file, from 1; nil for the file as a whole.
    public let row: Int?
    /// The column's name; nil for the row as a whole.
    public let column: String?
    /// What was found, and what is allowed.
    public let problem: String

    public var description: String {
        "\(file):\(row.map { "\($0):" } ?? "") \(column.map { "\($0): " } ?? "")\(problem)"
    }
}
