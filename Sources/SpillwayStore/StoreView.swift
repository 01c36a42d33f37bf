import SpillwayModel
import SpillwayPlatform

/// All that a store's directory holds at one moment: every epoch up to some last one, whole.
///
/// Taking a view changes nothing and needs no lock: it works beside a writer, and on what a crash left. The order
/// of reading makes it right. Rows move from the journal to the open segment to a sealed one to the log, and are
/// looked for in that order, so what moves meanwhile is found where it went, and told from a second copy by its
/// epoch or its name.
package struct StoreView: Sendable {
    /// Segments of the table, then those that a crash or a race kept from it, then open ones; by number in each.
    package var segments: [StoredSegment] { logged + unlogged + open }
    /// The store's directory.
    package private(set) var path = ""
    private(set) var logState = DeltaLog.State()
    private(set) var logged: [StoredSegment] = []
    /// Sealed, but not in the log.
    private(set) var unlogged: [StoredSegment] = []
    private(set) var open: [StoredSegment] = []
    /// Rows that are in no segment.
    package private(set) var journaledBatches: [RegistrationBatch] = []
    /// What the journal's records tally of epochs that are in no segment.
    package private(set) var journaledOutcomes = JournaledOutcomes()
    private(set) var journalPaths: [String] = []
    /// Second names of sealed segments, where a loss of power undid the first half of a renaming.
    private(set) var stalePaths: [String] = []
    /// The last epoch that the view holds.
    package private(set) var lastEpoch = EpochMark.none
    /// The last epoch in any segment: journal records up to it are passed over.
    var lastSegmentEpoch: UInt64 { segments.reduce(0) { max($0, $1.lastEpoch.number) } }
    var nextSegmentNumber: UInt64 { segments.reduce(0) { max($0, $1.name.number + 1) } }

    package var rowCount: Int {
        segments.reduce(journaledBatches.reduce(0) { $0 + $1.count }) { $0 + $1.rowCount }
    }

    /// Rows that are in no segment, as one batch.
    ///
    /// - Complexity: O(rows in it) if they are in several.
    package var journaled: RegistrationBatch {
        guard var all = journaledBatches.first else { return RegistrationBatch() }
        for batch in journaledBatches.dropFirst() { all.append(contentsOf: batch) }
        return all
    }

    /// Reads the store at `path`.
    ///
    /// - Throws: ``StoreError``.
    package init(path: String, system: any System) throws(StoreError) {
        let layout = StoreLayout(root: path)
        self = try asStoreError(path) {
            try layout.requireStore(system)
            return try StoreView(layout: layout, system: system)
        }
    }

    init(layout: StoreLayout, system: any System) throws {
        // A writer that seals or recycles between two of our steps can take a file away; the next try sees where
        // its rows went.
        var attempts = 0
        while true {
            do {
                self.init()
                try read(layout, system)
                return
            } catch let error as SystemError where error.isNotFound && attempts < 100 {
                attempts += 1
            }
        }
    }

    private init() {}

    /// Of what is known in memory.
    init(
        path: String, logged: [StoredSegment], unlogged: [StoredSegment], journaled: JournaledBatches,
        lastEpoch: EpochMark
    ) {
        self.path = path
        self.logged = logged
        self.unlogged = unlogged
        journaledBatches = journaled.batches
        journaledOutcomes = journaled.outcomes
        self.lastEpoch = lastEpoch
    }

    private mutating func read(_ layout: StoreLayout, _ system: any System) throws {
        path = layout.root
        var records: [JournaledEpoch] = []
        for name in try system.list(layout.journal).compactMap(JournalName.init(fileName:)).sorted() {
            let path = layout.journal(salt: name.salt)
            journalPaths.append(path)
            records += try JournaledEpoch.read(system.open(path, .read), salt: name.salt)
        }
        let openNames = try Self.segmentNames(in: layout.open, system)
        open = try openNames.map { try StoredSegment(open: $0, layout: layout, system: system) }
        let sealedNames = try Self.segmentNames(in: layout.root, system)
        logState = try DeltaLog(layout: layout, system: system).load()
        let live = try logState.liveSegments(layout: layout)
        logged = try live.map { try StoredSegment(sealed: $0, layout: layout, system: system) }
        let loggedEpoch = logState.lastEpochNumber
        let wasLogged = { [logState] (name: SegmentName) in
            logState.live[name.description] != nil || logState.removed[name.description] != nil
        }
        unlogged = try sealedNames.filter { $0.kind == .surge && !wasLogged($0) }
            .map { try StoredSegment(sealed: $0, layout: layout, system: system) }
            // Segments enter the table in their order: an earlier one was taken out of it.
            .filter { $0.lastEpoch.number > loggedEpoch }
        let sealed = Set(sealedNames + live)
        // By name, or by epoch where the segment has been merged into another and deleted since.
        let isStale = { (segment: StoredSegment) in
            sealed.contains(segment.name) || segment.lastEpoch.number <= loggedEpoch
        }
        stalePaths = open.filter(isStale).map(\.path)
        open.removeAll(where: isStale)
        lastEpoch = segments.map(\.lastEpoch).max { $0.number < $1.number } ?? .none
        let lastSegmentEpoch = lastEpoch.number
        var journaled = RegistrationBatch()
        for record in records.sorted(by: { $0.mark.number < $1.mark.number })
        where record.mark.number > lastSegmentEpoch {
            journaled.append(contentsOf: record.rows)
            journaledOutcomes.add(record.outcomes, epoch: record.mark.number)
            lastEpoch = record.mark
        }
        if !journaled.isEmpty { journaledBatches = [journaled] }
    }

    private static func segmentNames(in directory: String, _ system: any System) throws -> [SegmentName] {
        try system.list(directory).compactMap(SegmentName.init(fileName:)).sorted { $0.number < $1.number }
    }
}

/// One epoch as a journal holds it.
private struct JournaledEpoch {
    var mark: EpochMark
    var rows: RegistrationBatch
    var outcomes: RecordedOutcomes

    static func read(_ file: any File, salt: UInt64) throws -> [JournaledEpoch] {
        try FrameScan(file, salt: salt, from: 0).entries.map { entry in
            let header = entry.header
            let content = try file.readBytes(count: Int(header.contentLength), at: entry.contentOffset)
            guard
                let (rows, outcomes) = JournalRecord.read(
                    content, rowCount: Int(header.rowCount), bodyLength: Int(header.bodyLength))
            else {
                throw StoreError.damaged(
                    path: file.path, offset: entry.contentOffset, problem: "a journal record makes no sense")
            }
            return JournaledEpoch(
                mark: EpochMark(number: header.epoch, position: header.position), rows: rows, outcomes: outcomes)
        }
    }
}
