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

/// Opens what `path` names: a scenario (`.yaml`, `.yml`), a recording (`.csv`, `.csv.gz`, `.parquet`, a directory of Parquet
/// files or a Delta table), or a store.
///
/// - Parameters:
///   - seed: What a scenario's random draws start from; 0 if nil.
///   - scale: What the registrations are multiplied by; 1 if nil. A scenario keeps its shape; of recordings and stores
///     see ``ScaledTrace``.
///   - recording: How a recording is read.
/// - Throws: also if an option is given that means nothing for what there is: a seed for what draws nothing, a mapping or
///   a form of identities for what is no recording.
public func openTrace(
    _ path: String, seed: UInt64? = nil, scale: Double? = nil, recording: RecordingOptions = RecordingOptions()
) throws(TraceError) -> any Trace {
    let kind = try TraceKind(path: path)
    if !kind.isRecording { try recording.refuse(path) }
    if kind == .scenario { return try ScenarioTrace(Scenario(path: path), seed: seed ?? 0, scale: scale ?? 1) }
    if seed != nil { throw .notForRecordings(path: path, option: "seed") }
    let trace = try openRecorded(path, kind, recording)
    guard let scale else { return trace }
    return try ScaledTrace(trace, by: scale)
}

private func openRecorded(
    _ path: String, _ kind: TraceKind, _ options: RecordingOptions
) throws(TraceError) -> any Trace {
    switch kind {
    case .scenario: throw .unknownKind(path: path)
    case .csv: try CSVRecording(path: path, options: options)
    case .parquet: try ParquetRecording(path: path, options: options)
    case .parquetTable: try ParquetTable(path: path, options: options)
    case .store: try StoreTrace(path: path)
    }
}

extension RecordingOptions {
    /// Throws if there is anything to be done with columns.
    fileprivate func refuse(_ path: String) throws(TraceError) {
        if mapping != RecordingMapping() {
            throw .onlyForRecordings(path: path, option: "columns of other names to map")
        }
        if case .hash = identities { throw .onlyForRecordings(path: path, option: "identities to hash") }
    }
}

/// What a path names.
enum TraceKind {
    case scenario
    case csv
    case parquet
    case parquetTable
    case store

    var isRecording: Bool { self != .scenario && self != .store }

    /// By the ending of the name, and by what is in a directory.
    init(path: String, fileSystem: some FileSystem = PosixSystem()) throws(TraceError) {
        // Whatever cannot be asked about is for the opening to complain of.
        if let status = try? fileSystem.status(path), status.isDirectory {
            self = StoreTrace.isStore(at: path) ? .store : .parquetTable
            return
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

/// What follows the last dot of the last component, in lower case.
func fileExtension(of path: String) -> String {
    let name = fileName(of: path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
}

func fileName(of path: String) -> Substring {
    path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
}
