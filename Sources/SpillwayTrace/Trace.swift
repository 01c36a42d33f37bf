public import SpillwayModel
internal import SpillwayPlatform

/// Attempts in the order in which they arrive, cut into slices that can be made in any order, by any thread.
///
/// The same trace always gives the same attempts, however its slices are read.
public protocol Trace: Sendable {
    var name: String { get }

    /// A stable 64-bit hash of what the trace holds: a resumed replay tells by it that the trace is the same.
    var fingerprint: UInt64 { get }

    var sliceCount: Int { get }

    /// How many attempts there are, for progress bars: exact for a recording, close to it for a scenario.
    var expectedAttempts: Int { get }

    /// Registrations, retries not counted, by region; nil where only reading the whole trace can tell.
    var registrationsByRegion: [Region: Int]? { get }

    /// Rows that were left out of the slices read so far; nil where none can be.
    var rejectedRows: RejectedRows? { get }

    /// Replaces what `slice` holds by the attempts of slice `index`. Hand in the same slice again and again: it
    /// keeps its memory.
    ///
    /// - Precondition: 0 ≤ `index` < ``sliceCount``
    func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError)
}

extension Trace {
    public var rejectedRows: RejectedRows? { nil }
}

/// Opens what `path` names: a scenario (`.yaml`, `.yml`) or a recording (`.csv`, `.csv.gz`, `.parquet`).
///
/// - Parameters:
///   - seed: What a scenario's random draws start from; 0 if nil.
///   - scale: What a scenario's registrations are multiplied by; 1 if nil. The shape stays.
///   - recording: How a recording is read; means nothing for a scenario.
/// - Throws: also if `seed` or `scale` is given for a recording, which holds what it holds.
public func openTrace(
    _ path: String, seed: UInt64? = nil, scale: Double? = nil, recording: RecordingOptions = RecordingOptions()
) throws(TraceError) -> any Trace {
    let kind = try TraceKind(path: path)
    if kind != .scenario { try refuseRecipe(path, seed, scale) }
    switch kind {
    case .scenario: return try ScenarioTrace(Scenario(path: path), seed: seed ?? 0, scale: scale ?? 1)
    case .csv: return try CSVRecording(path: path, options: recording)
    case .parquet: return try ParquetRecording(path: path)
    }
}

/// What a path names.
enum TraceKind {
    case scenario
    case csv
    case parquet

    /// By the ending of the name. A directory is none.
    init(path: String, fileSystem: some FileSystem = PosixSystem()) throws(TraceError) {
        // Whatever cannot be asked about is for the opening to complain of.
        if let status = try? fileSystem.status(path), status.isDirectory {
            throw .recording(
                RecordingError(
                    file: path, row: nil, column: nil, problem: "a directory, not a trace: name a file in it"))
        }
        switch fileExtension(of: path) {
        case "yaml", "yml": self = .scenario
        case "csv": self = .csv
        case "gz" where fileExtension(of: String(path.dropLast(".gz".count))) == "csv": self = .csv
        case "parquet": self = .parquet
        default: throw .unknownKind(path: path)
        }
    }
}

private func refuseRecipe(_ path: String, _ seed: UInt64?, _ scale: Double?) throws(TraceError) {
    if seed != nil { throw .notForRecordings(path: path, option: "seed") }
    if scale != nil { throw .notForRecordings(path: path, option: "scale") }
}

/// What follows the last dot of the last component, in lower case.
func fileExtension(of path: String) -> String {
    let name = fileName(of: path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
}

func fileName(of path: String) -> Substring {
    path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
}
