import FoundationEssentials
import SpillwayParquet
import SpillwayPlatform

/// Checkpoints: a version's whole state in one file, so that nobody has to read all versions (delta-io/delta
/// PROTOCOL.md, "V1 Spec", classic naming).
extension DeltaLog {
    static let checkpointSuffix = ".checkpoint.parquet"
    /// How long a tombstone is kept at least, in milliseconds: Delta's `delta.deletedFileRetentionDuration`.
    static let tombstoneRetentionMs: Int64 = 7 * 24 * 3_600_000
    private static let rowsPerGroup = 8192

    static let lastCheckpointName = "_last_checkpoint"

    /// `_last_checkpoint`: spares other readers the listing (PROTOCOL.md, "Last Checkpoint File").
    struct LastCheckpoint: Codable {
        struct V2: Codable {}
        var version: Int
        /// Actions.
        var size: Int
        /// These two only in what other programs write of checkpoints in several files or of another form.
        var parts: Int?
        var v2Checkpoint: V2?
    }

    func checkpointPath(_ version: Int) -> String { filePath(version, suffix: Self.checkpointSuffix) }

    static func checkpoints(in names: [String]) -> [Int] {
        names.compactMap { version(ofFile: $0, suffix: checkpointSuffix) }
    }

    /// Writes the checkpoint of a version that was just committed, durably.
    ///
    /// The commit stands without it, so what keeps it from being written is no failure of the commit: the next multiple
    /// is the next try. A failed sync is, as it is final for all of the store.
    func checkpoint(_ state: State) throws(StoreError) {
        // What a newer protocol asks for, a checkpoint from here would lose.
        guard let versions = state.protocolVersions, versions.minReaderVersion <= 1, versions.minWriterVersion <= 2,
            state.metaData != nil
        else { return }
        do throws(SystemError) {
            let actions = try DeltaCheckpoint.actions(of: state) { path throws(SystemError) in try isNeeded(path) }
            let bytes = DeltaCheckpoint.encode(actions, rowsPerGroup: Self.rowsPerGroup)
            try replace(checkpointPath(state.version), bytes, version: state.version)
            let last = LastCheckpoint(version: state.version, size: actions.count)
            guard let hint = try? JSONEncoder().encode(last) else { return }
            try replace(lastCheckpointPath, [UInt8](hint), version: state.version)
        } catch {
            if error.isFailedSync { throw .system(error) }
        }
    }

    private var lastCheckpointPath: String { "\(layout.log)/\(Self.lastCheckpointName)" }

    /// What `_last_checkpoint` says; nil if that is nothing.
    func lastCheckpoint() throws -> LastCheckpoint? {
        let bytes = try system.readAll(lastCheckpointPath)
        return try? JSONDecoder().decode(LastCheckpoint.self, from: Data(bytes))
    }

    /// Whether a tombstone says something yet: it is recent, or its file is still there.
    private func isNeeded(_ tombstone: DeltaAction.RemoveFile) throws(SystemError) -> Bool {
        let (ageMs, overflow) = system.wallMs().subtractingReportingOverflow(tombstone.deletionTimestamp ?? 0)
        if overflow || ageMs < Self.tombstoneRetentionMs { return true }
        return try system.exists("\(layout.root)/\(tombstone.path)")
    }

    /// Puts a file in place whole and durably.
    private func replace(_ path: String, _ bytes: [UInt8], version: Int) throws(SystemError) {
        let temporary = temporaryPath(version)
        let file = try system.open(temporary, .create)
        do throws(SystemError) {
            try file.write(bytes, at: 0)
            try file.sync()
            try system.rename(temporary, to: path)
        } catch {
            try? system.remove(temporary)
            throw error
        }
        try system.syncDirectory(layout.log)
    }

    struct Checkpoint {
        var state: State
        /// Actions.
        var size: Int
    }

    /// - Throws: ``StoreError/damaged(path:offset:problem:)`` also for a checkpoint that somebody else wrote and that
    ///   is not understood here.
    func readCheckpoint(_ version: Int) throws -> Checkpoint {
        let path = checkpointPath(version)
        let file = try system.open(path, .read)
        return try asStoreError(path) {
            var state = State()
            let actions = try DeltaCheckpoint.decode(file)
            for action in actions { state.apply(action) }
            guard state.protocolVersions != nil, state.metaData != nil else {
                throw StoreError.damaged(path: path, offset: 0, problem: "a checkpoint without protocol or metadata")
            }
            state.version = version
            return Checkpoint(state: state, size: actions.count)
        }
    }
}
