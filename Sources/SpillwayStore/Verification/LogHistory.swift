import FoundationEssentials
import SpillwayPlatform

/// All versions of a table's log, those behind a damaged one among them.
struct LogHistory {
    private(set) var state = DeltaLog.State()
    /// Every file that any version ever added, with the path in the store of the version that last did.
    private(set) var addedBy: [String: String] = [:]
    private(set) var problems: [Problem] = []
    /// Whether every version could be read, so that the log is known to name all that it should.
    private(set) var isWhole = true

    init(layout: StoreLayout, system: any System) throws {
        let log = DeltaLog(layout: layout, system: system)
        let versions = try system.list(layout.log).compactMap(DeltaLog.version(ofFile:)).sorted()
        for version in versions {
            let path = log.filePath(version)
            let file = String(path.dropFirst(layout.root.count + 1))
            if version > state.version + 1 {
                add(file, 0, "version \(state.version + 1) of the log is missing")
            }
            do {
                let text = DeltaLogVersion(bytes: try system.readAll(path))
                if version == versions.last, text.isCutShort {
                    // The segment that it named is still found, as one that the log has not reached.
                    problems.append(
                        Problem(
                            file: file, offset: UInt64(text.bytes.count),
                            problem: "the log's last version is cut short: the next opening writes it anew"))
                    continue
                }
                for action in try text.actions(path: path) {
                    state.apply(action)
                    if let add = action.add { addedBy[add.path] = file }
                }
            } catch {
                isWhole = false
                problems.append(Problem(error, file: file, root: layout.root))
            }
            state.version = version
        }
        if versions.isEmpty { add("_delta_log", 0, "the log has no version") }
    }

    private mutating func add(_ file: String, _ offset: UInt64, _ problem: String) {
        isWhole = false
        problems.append(Problem(file: file, offset: offset, problem: problem))
    }
}

extension LogHistory {
    /// What the log says of a live segment and is not so.
    func problems(with segment: FramedFile) -> [Problem] {
        guard let footer = segment.footer, let add = state.live[segment.name] else { return [] }
        let file = addedBy[segment.name] ?? "_delta_log"
        var problems: [Problem] = []
        if add.size != Int64(segment.size) {
            problems.append(
                Problem(
                    file: file, offset: 0,
                    problem: "\(segment.name) has \(segment.size) bytes, the log says \(add.size)"))
        }
        let statistics = DeltaStatistics(SegmentStatistics(footer.rowGroups))
        if add.statistics != statistics {
            problems.append(
                Problem(file: file, offset: 0, problem: "the log's statistics of \(segment.name) are not the file's"))
        }
        if isWhole, segment.lastEpoch.number > state.lastEpochNumber {
            problems.append(
                Problem(file: file, offset: 0, problem: "the log has not reached the epoch of \(segment.name)"))
        }
        return problems
    }
}

extension DeltaAction.AddFile {
    fileprivate var statistics: DeltaStatistics? {
        stats.flatMap { try? JSONDecoder().decode(DeltaStatistics.self, from: Data($0.utf8)) }
    }

    /// How many rows the file has, by its statistics.
    var recordCount: Int? { statistics?.numRecords }
}
