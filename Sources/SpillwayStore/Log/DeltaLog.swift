import FoundationEssentials
import SpillwayModel
import SpillwayPlatform

/// A store's Delta table log: which segments are live (delta-io/delta PROTOCOL.md; reader version 1, writer
/// version 2).
struct DeltaLog {
    static let engineInfo = "spillway"

    let layout: StoreLayout
    let system: any System
    /// Versions from one checkpoint to the next.
    var checkpointInterval = 100

    /// What the log's versions amount to.
    struct State: Hashable {
        /// −1 for a log without a version.
        var version = -1
        var protocolVersions: DeltaAction.ProtocolVersions?
        var metaData: DeltaAction.MetaData?
        var live: [String: DeltaAction.AddFile] = [:]
        /// Files that were taken out of the table, and when.
        var removed: [String: DeltaAction.RemoveFile] = [:]
        /// The last version of each application.
        var transactions: [String: Int64] = [:]
        /// The file of a last version that is cut short, and counts as not there.
        fileprivate(set) var cutShort: String?

        mutating func apply(_ action: DeltaAction) {
            if let versions = action.protocolVersions { protocolVersions = versions }
            if let metaData = action.metaData { self.metaData = metaData }
            if var add = action.add {
                // What a state holds is no change to it (PROTOCOL.md, "Action Reconciliation").
                add.dataChange = false
                live[add.path] = add
                removed[add.path] = nil
            }
            if var remove = action.remove {
                remove.dataChange = false
                live[remove.path] = nil
                removed[remove.path] = remove
            }
            if let txn = action.txn { transactions[txn.appId] = txn.version }
        }
    }

    /// Reads the newest checkpoint that is sound, and the versions after it; all versions if there is none.
    ///
    /// - Throws: ``StoreError/damaged(path:offset:problem:)``: of the newest checkpoint, if the versions that it stands
    ///   for are gone.
    /// - Complexity: O(actions in the checkpoint and after it)
    func load() throws(StoreError) -> State {
        try asStoreError(layout.log) {
            let names = try system.list(layout.log)
            let checkpoints = Self.checkpoints(in: names).sorted(by: >)
            var (state, failure) = try newestState(checkpoints)
            let start = state.version
            let versions = names.compactMap { Self.version(ofFile: $0) }.filter { $0 > start }.sorted()
            for version in versions {
                let path = filePath(version)
                guard version == state.version + 1 else {
                    throw failure
                        ?? StoreError.damaged(
                            path: path, offset: 0, problem: "version \(state.version + 1) of the log is missing")
                }
                let bytes = DeltaLogVersion(bytes: try system.readAll(path))
                // No crash of ours does this, as a version is whole before it has its name. But the files that it
                // enters lie in the directory, and are found there.
                if version == versions.last, bytes.isCutShort {
                    state.cutShort = path
                    break
                }
                for action in try bytes.actions(path: path) { state.apply(action) }
                state.version = version
            }
            // Versions that only a checkpoint knows of are not to be forgotten with it.
            if let newest = checkpoints.first, newest > state.version, let failure { throw failure }
            return state
        }
    }

    /// The state of the newest checkpoint that can be read, empty if there is none, and what is wrong with the newest.
    private func newestState(_ checkpoints: [Int]) throws -> (State, StoreError?) {
        var failure: StoreError?
        for version in checkpoints {
            do {
                return (try readCheckpoint(version).state, failure)
            } catch let error as StoreError {
                guard case .damaged = error else { throw error }
                failure = failure ?? error
            }
        }
        return (State(), failure)
    }

    /// Adds a version that holds `actions`, after the last that there is, and brings `state` up to it. Durable
    /// when this returns.
    ///
    /// - Parameter isStillRight: asked of every state that the version could follow, as other writers commit too.
    /// - Returns: false, with nothing added, if that said no.
    @discardableResult
    func commit(
        operation: String, _ actions: [DeltaAction], to state: inout State,
        if isStillRight: (State) -> Bool = { _ in true }
    ) throws(StoreError) -> Bool {
        let info = DeltaAction.CommitInfo(
            timestamp: system.wallMs(), operation: operation, engineInfo: Self.engineInfo,
            lines: actions.count + 1, crc32c: EmbeddedChecksum.placeholder)
        let all = [DeltaAction(commitInfo: info)] + actions
        let bytes = try asStoreError(layout.log) { try DeltaLogVersion(encoding: all).bytes }
        while true {
            guard isStillRight(state) else { return false }
            if let path = state.cutShort {
                try asStoreError(path) { try system.remove(path) }
                state.cutShort = nil
            }
            if try put(bytes, asVersion: state.version + 1) { break }
            // Another writer of the table (what maintains it, say) was first.
            state = try load()
        }
        for action in all { state.apply(action) }
        state.version += 1
        if state.version % checkpointInterval == 0, state.version > 0 { try checkpoint(state) }
        return true
    }

    /// Puts a whole version in place unless there is one of that number already: then false. `link` is the one
    /// POSIX call that does both: `rename` overwrites, and a file created in place can be seen in part.
    private func put(_ bytes: [UInt8], asVersion version: Int) throws(StoreError) -> Bool {
        let temporary = temporaryPath(version)
        return try asStoreError(layout.log) {
            let file = try system.open(temporary, .create)
            defer { try? system.remove(temporary) }
            try file.write(bytes, at: 0)
            try file.sync()
            do {
                try system.link(temporary, to: filePath(version))
            } catch let error as SystemError where error.alreadyExists {
                return false
            }
            try system.syncDirectory(layout.log)
            return true
        }
    }

    /// Whether a file of that name is a version that was never put in place.
    static func isTemporary(_ name: String) -> Bool {
        let fields = name.split(separator: ".", omittingEmptySubsequences: false)
        return fields.count == 4 && fields[0].isEmpty && Int(fields[1]) != nil && UInt64(fields[2], radix: 16) != nil
            && fields[3] == "tmp"
    }

    /// Where a file is written before it has its name.
    func temporaryPath(_ version: Int) -> String {
        "\(layout.log)/.\(version).\(hexadecimal(system.randomWord())).tmp"
    }

    func filePath(_ version: Int, suffix: String = ".json") -> String {
        let digits = String(version)
        return "\(layout.log)/\(String(repeating: "0", count: max(0, 20 - digits.count)))\(digits)\(suffix)"
    }

    static func version(ofFile name: String) -> Int? { version(ofFile: name, suffix: ".json") }

    static func version(ofFile name: String, suffix: String) -> Int? {
        guard name.count == 20 + suffix.count, name.hasSuffix(suffix),
            name.utf8.prefix(20).allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        // There are versions to follow.
        return Int(name.prefix(20)).flatMap { $0 < 1 << 62 ? $0 : nil }
    }
}
