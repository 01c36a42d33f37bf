import SpillwayPlatform

/// All versions of a table's log and all of its checkpoints, those behind a damaged one among them. Each checkpoint is
/// held against what the versions up to it amount to, wherever that is known.
struct LogHistory {
    private(set) var state = DeltaLog.State()
    /// Every file that any version here added or took out, with the path in the store of what last said so.
    private(set) var namedBy: [String: String] = [:]
    private(set) var problems: [Problem] = []
    private(set) var notes: [Problem] = []
    /// Whether everything could be read, so that the log is known to name all that it should.
    private(set) var isWhole = true
    /// Whether the oldest versions were cleaned up behind a checkpoint (PROTOCOL.md, "Metadata Cleanup"): then the log
    /// may have forgotten files that were taken out of the table.
    private(set) var isPruned = false

    private let log: DeltaLog
    /// What there is of each, in order.
    private let versions: [Int]
    private let checkpoints: [Int]
    /// How many actions each sound checkpoint holds.
    private var checkpointSizes: [Int: Int] = [:]
    /// Whether ``state`` is what the versions up to its own amount to.
    private var isStateKnown = true

    init(layout: StoreLayout, system: any System) throws {
        let log = DeltaLog(layout: layout, system: system)
        let names = try system.list(layout.log)
        versions = names.compactMap(DeltaLog.version(ofFile:)).sorted()
        // A later one whose version is there came with it while the directory was read.
        let last = versions.last ?? -1
        checkpoints = try DeltaLog.checkpoints(in: names).sorted().filter { version in
            try version <= last || !system.exists(log.filePath(version))
        }
        self.log = log
        for version in Set(versions + checkpoints).sorted() {
            if versions.contains(version) { try readVersion(version) }
            if checkpoints.contains(version) { try readCheckpoint(version) }
        }
        lookForGaps()
        if names.contains(DeltaLog.lastCheckpointName) { try checkLastCheckpoint() }
    }

    private mutating func readVersion(_ version: Int) throws {
        let path = log.filePath(version)
        let file = name(of: path)
        isStateKnown = isStateKnown && version == state.version + 1
        do {
            let text = DeltaLogVersion(bytes: try log.system.readAll(path))
            if version == versions.last, !checkpoints.contains(version), text.isCutShort {
                // The segment that it named is still found, as one that the log has not reached.
                add(
                    file, "the log's last version is cut short: the next opening writes it anew",
                    at: UInt64(text.bytes.count))
                return
            }
            for action in try text.actions(path: path) {
                state.apply(action)
                if let path = action.add?.path ?? action.remove?.path { namedBy[path] = file }
            }
        } catch {
            isWhole = false
            isStateKnown = false
            problems.append(Problem(error, file: file, root: log.layout.root))
        }
        state.version = version
    }

    /// Only the oldest versions may be missing, and only behind a checkpoint that can be read.
    private mutating func lookForGaps() {
        let newest = max(versions.last ?? -1, checkpoints.last ?? -1)
        if newest < 0 { return addGap("the log has no version", "_delta_log") }
        for (version, next) in zip(versions, versions.dropFirst() + [newest + 1]) where next > version + 1 {
            addMissing(version + 1, before: min(next, newest))
        }
        guard let first = versions.first ?? checkpoints.last, first > 0 else { return }
        isPruned = true
        let start = checkpointSizes.keys.max() ?? -1
        let needed = versions.first.map { $0 - 1 } ?? newest
        if start < needed { addMissing(start + 1, before: first) }
    }

    private mutating func addMissing(_ version: Int, before next: Int) {
        let path = versions.contains(next) ? log.filePath(next) : log.checkpointPath(next)
        addGap("version \(version) of the log is missing", name(of: path))
    }

    private mutating func addGap(_ problem: String, _ file: String) {
        isWhole = false
        add(file, problem)
    }

    private mutating func add(_ file: String, _ problem: String, at offset: UInt64 = 0) {
        problems.append(Problem(file: file, offset: offset, problem: problem))
    }

    private mutating func note(_ file: String, _ problem: String) {
        notes.append(Problem(file: file, offset: 0, problem: problem))
    }

    /// The path in the store.
    private func name(of path: String) -> String { String(path.dropFirst(log.layout.root.count + 1)) }
}

// MARK: Checkpoints

extension LogHistory {
    private mutating func readCheckpoint(_ version: Int) throws {
        let path = log.checkpointPath(version)
        let file = name(of: path)
        do {
            let checkpoint = try log.readCheckpoint(version)
            checkpointSizes[version] = checkpoint.size
            if isStateKnown, state.version == version {
                if let difference = try log.difference(of: checkpoint, from: state) { add(file, difference) }
            } else {
                state = checkpoint.state
                isStateKnown = true
                for path in state.live.keys { namedBy[path] = file }
                for path in state.removed.keys { namedBy[path] = file }
            }
        } catch {
            let problem = Problem(error, file: file, root: log.layout.root)
            if let bytes = try? log.system.readAll(path), DeltaCheckpoint.isForeign(bytes) {
                note(file, "another program's checkpoint, which is passed over: \(problem.problem)")
            } else {
                problems.append(problem)
            }
        }
    }

    /// `_last_checkpoint` must name a checkpoint that is there, and how many actions it holds.
    private mutating func checkLastCheckpoint() throws {
        let file = "_delta_log/\(DeltaLog.lastCheckpointName)"
        guard let hint = try log.lastCheckpoint() else { return add(file, "it does not name a checkpoint") }
        // Of other programs.
        if hint.parts != nil || hint.v2Checkpoint != nil { return }
        guard try log.system.exists(log.checkpointPath(hint.version)) else {
            return add(file, "it names the checkpoint of version \(hint.version), and there is none")
        }
        if let size = checkpointSizes[hint.version], size != hint.size {
            add(file, "it counts \(hint.size) actions in the checkpoint of version \(hint.version), which has \(size)")
        }
        if let newest = checkpointSizes.keys.max(), hint.version < newest {
            note(file, "it names the checkpoint of version \(hint.version), though there is one of \(newest)")
        }
    }
}
