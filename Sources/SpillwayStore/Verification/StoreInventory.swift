import SpillwayPlatform

/// The files that hold a store's rows at one moment, with what is wrong with them before their contents are read.
///
/// Taken in the order in which rows move, as a ``StoreView`` is, but past damage.
struct StoreInventory {
    /// Those whose rows count, in order of epoch: sealed segments, open ones, journals.
    private(set) var files: [FramedFile] = []
    /// Nil if it is damaged.
    private(set) var metadata: StoreMetadata?
    /// Of an erasure that was interrupted.
    private(set) var erasure: ErasureIntent?
    /// Live segments of which there is no file.
    private(set) var missing: [DeltaAction.AddFile] = []
    private(set) var problems: [Problem] = []
    /// Those among them that say where rows may have been, and nothing tells how many.
    private(set) var losses: [Problem] = []
    private(set) var notes: [Problem] = []

    private let layout: StoreLayout
    private let system: any System

    /// The last epoch in any segment: what the journal holds up to it is held twice.
    var lastSegmentEpoch: UInt64 {
        files.reduce(0) { $1.kind == .journal ? $0 : max($0, $1.lastEpoch.number) }
    }

    init(layout: StoreLayout, system: any System) throws {
        var attempts = 0
        while true {
            do {
                self.init(empty: layout, system)
                try read()
                return
            } catch is Moved where attempts < 100 {
                // A writer moved a file between two of our steps; the next try sees where its rows went.
                attempts += 1
            }
        }
    }

    private struct Moved: Error {}

    private init(empty layout: StoreLayout, _ system: any System) {
        self.layout = layout
        self.system = system
    }

    private mutating func read() throws {
        readMetadata()
        var journals: [FramedFile] = []
        for name in try system.list(layout.journal).compactMap(JournalName.init(fileName:)).sorted() {
            try file(.journal, "_spillway/journal/\(name)", name.salt).map { journals.append($0) }
        }
        var open: [(name: SegmentName, file: FramedFile)] = []
        for name in try segmentNames(in: layout.open) {
            try file(.open, "_spillway/open/\(name)", name.salt).map { open.append((name, $0)) }
        }
        let sealed = try segmentNames(in: layout.root)
        let log = try LogHistory(layout: layout, system: system)
        problems += log.problems
        notes += log.notes
        notes += try ForeignFiles.notes(in: layout, live: log.state.live.keys, system)
        try readSealed(sealed, log)
        // By name, or by epoch where the segment has been merged into another since.
        open.removeAll { entry in
            sealed.contains(entry.name)
                || log.isWhole && !entry.file.pieces.isEmpty && entry.file.lastEpoch.number <= log.state.lastEpochNumber
        }
        files += open.map(\.file) + journals
        for file in files {
            problems += file.problems
            losses += file.losses
            notes += file.notes
        }
    }

    private mutating func readMetadata() {
        do {
            metadata = try StoreMetadata.read(layout: layout, system: system)
        } catch {
            problems.append(Problem(error, file: "_spillway/store.json", root: layout.root))
        }
        do {
            erasure = try ErasureIntent.read(layout, system)
        } catch {
            let problem = Problem(error, file: "_spillway/erase.json", root: layout.root)
            problems.append(problem)
            losses.append(problem)
        }
    }

    private mutating func readSealed(_ names: [SegmentName], _ log: LogHistory) throws {
        for path in log.state.live.keys.sorted() where !names.contains(where: { $0.description == path }) {
            guard SegmentName(fileName: path) != nil else {
                add(path, "the table holds this file, which no Spillway wrote: nothing opens the store")
                losses += problems.suffix(1)
                continue
            }
            // It may have entered the table after we listed the directory.
            if try system.exists("\(layout.root)/\(path)") { throw Moved() }
            add(path, "the table holds this file, and it is not there")
            if let add = log.state.live[path] { missing.append(add) }
        }
        for name in names {
            let isLive = log.state.live[name.description] != nil
            if !isLive, log.isWhole, log.namedBy[name.description] != nil { continue }
            if !isLive, log.isWhole, name.kind == .merged {
                note(name.description, "of a compaction that a crash ended, or that the log has forgotten")
                continue
            }
            guard let segment = try file(name.kind == .merged ? .merged : .sealed, name.description, name.salt) else {
                continue
            }
            if isLive {
                problems += log.problems(with: segment)
            } else if log.isWhole, !takeStock(ofUnnamed: segment, log) {
                continue
            }
            files.append(segment)
        }
    }

    /// Whether a segment that the log does not name holds rows that count.
    private mutating func takeStock(ofUnnamed segment: FramedFile, _ log: LogHistory) -> Bool {
        guard segment.footer != nil, segment.lastEpoch.number <= log.state.lastEpochNumber else {
            note(segment.name, "the log does not name this segment yet: the next opening enters it")
            return true
        }
        if log.isPruned {
            note(segment.name, "taken out of the table by a version of the log that was cleaned up")
            return false
        }
        add(segment.name, "a segment that the log does not name, though it names later ones")
        return true
    }

    private mutating func add(_ file: String, _ problem: String) {
        problems.append(Problem(file: file, offset: 0, problem: problem))
    }

    private mutating func note(_ file: String, _ problem: String) {
        notes.append(Problem(file: file, offset: 0, problem: problem))
    }

    /// Nil, with a problem named, if the file cannot be read at all.
    private mutating func file(_ kind: FramedFile.Kind, _ name: String, _ salt: UInt64) throws -> FramedFile? {
        do {
            return try FramedFile(kind, name: name, salt: salt, layout: layout, system: system)
        } catch let error as SystemError where error.isNotFound {
            throw Moved()
        } catch {
            problems.append(Problem(error, file: name, root: layout.root))
            losses += problems.suffix(1)
            return nil
        }
    }

    private func segmentNames(in directory: String) throws -> [SegmentName] {
        try system.list(directory).compactMap(SegmentName.init(fileName:)).sorted { $0.number < $1.number }
    }
}
