import SpillwayModel
import SpillwayPlatform

/// The one writer of a store: appends epochs to the open segment or the journal, seals segments into the table.
/// Opening recovers what a crash left. Used by one thread at a time.
///
/// Every operation that fails with a transient error (``StoreError/isTransient``) can be called again, and then does
/// what was left undone. After any other failure the store must be opened anew.
package final class Store {
    package let layout: StoreLayout
    package let metadata: StoreMetadata
    let system: any System
    let log: DeltaLog
    var logState: DeltaLog.State
    /// Held, with its lock, for as long as the store is open.
    private let lock: LockFile

    private var segment: OpenSegment?
    /// Parquet files that are durable and not yet in the table, oldest first: more than one only while the disk is
    /// full.
    private var finished: [SealedSegment] = []
    private var journal: Journal?
    /// Journals of this run that are full, and the last epoch of each.
    private var fullJournals: [(path: String, lastEpoch: UInt64)] = []
    /// Journals of earlier runs, some of whose rows, or whose last position, are in no segment yet.
    private var earlierJournals: [String]
    /// Journals that nothing depends on any more.
    private var supersededJournals: [String] = []
    private var nextSegmentNumber: UInt64
    /// What views see of the store.
    package let contents: StoreContents
    /// What views are not to see yet.
    private var unpublished: [StoreContents.Addition] = []

    /// The last epoch in any file.
    package private(set) var lastEpoch: EpochMark
    /// The last epoch in any segment.
    package private(set) var lastRowGroupEpoch: UInt64
    /// The last epoch of earlier runs.
    private let recoveredEpoch: UInt64

    init(
        layout: StoreLayout, metadata: StoreMetadata, system: any System, log: DeltaLog,
        logState: DeltaLog.State, lock: LockFile, view: StoreView
    ) {
        self.layout = layout
        self.metadata = metadata
        self.system = system
        self.log = log
        self.logState = logState
        self.lock = lock
        earlierJournals = view.journalPaths
        lastEpoch = view.lastEpoch
        lastRowGroupEpoch = view.lastSegmentEpoch
        recoveredEpoch = view.lastEpoch.number
        nextSegmentNumber = view.nextSegmentNumber
        contents = StoreContents(view, log: log)
    }

    /// Whether a segment is done that could not be entered into the table yet.
    package var awaitsTable: Bool { !finished.isEmpty }
    /// Bytes of the open segment, 0 if there is none.
    package var openSegmentByteCount: UInt64 { segment?.length ?? 0 }
    /// Milliseconds since the open segment was begun, 0 if there is none.
    package var openSegmentAgeMs: Int64 { segment.map { (system.monotonicUs() - $0.createdAtUs) / 1000 } ?? 0 }

    /// Writes row groups to the open segment: an epoch's, or those of all that the journal holds up to one, which stand
    /// in its place from then on.
    package func append(rowGroups frames: [FrameBuffer], epoch: EpochMark) throws(StoreError) {
        precondition(!frames.isEmpty && epoch.number > lastRowGroupEpoch)
        do throws(SystemError) {
            let segment = try openSegment()
            let rowGroupCount = segment.rowGroups.count
            try segment.append(frames, epoch: epoch)
            unpublished.append(
                .rowGroups(
                    StoredSegment(rowGroupsFrom: rowGroupCount, lastEpoch: epoch, of: segment, system: system)))
        } catch {
            throw .system(error)
        }
        if epoch.number > lastEpoch.number { lastEpoch = epoch }
        lastRowGroupEpoch = epoch.number
    }

    /// Brings up to `byteCount` more bytes of a row group that will be appended next to the device, so that its append
    /// keeps nobody waiting for long; true once there is nothing left to bring. Changes nothing that can be seen.
    package func writeAhead(rowGroup frame: FrameBuffer, byteCount: Int) throws(StoreError) -> Bool {
        do throws(SystemError) {
            return try openSegment().writeAhead(frame, byteCount: byteCount)
        } catch {
            throw .system(error)
        }
    }

    /// Writes a small epoch to the journal.
    package func append(journalRecord frame: FrameBuffer, epoch: EpochMark) throws(StoreError) {
        precondition(epoch.number > lastEpoch.number)
        do throws(SystemError) {
            try openJournal().append(frame, epoch: epoch)
        } catch {
            throw .system(error)
        }
        unpublished.append(.journaled(frame.journaled, frame.outcomes, epoch))
        lastEpoch = epoch
    }

    /// Has views of ``contents`` show what was appended: to be called once it is as durable as was promised, before
    /// anybody is told so.
    package func publish() {
        contents.add(unpublished)
        unpublished.removeAll(keepingCapacity: true)
    }

    /// Bytes in the journal that small epochs go to; nil if the next one has to begin it.
    package var journalByteCount: UInt64? { journal?.byteCount }

    /// Makes a journal's file ahead, at once.
    package func makeReserve(_ byteCount: Int) throws(StoreError) -> JournalReserve {
        var reserve = try JournalReserve(byteCount: byteCount, layout: layout, system: system)
        do throws(StoreError) {
            while try !reserve.fill() {}
        } catch {
            try? reserve.remove()
            throw error
        }
        return reserve
    }

    /// Has the journal begin in a file that was made for it.
    package func beginJournal(in reserve: JournalReserve) {
        precondition(journal == nil)
        journal = Journal(reserve)
    }

    /// Has the next epoch begin another journal, so that this one can go once a segment holds its rows.
    package func rotateJournal() {
        guard let journal else { return }
        fullJournals.append((journal.path, lastEpoch.number))
        self.journal = nil
    }

    /// Makes durable all that was appended.
    package func sync() throws(StoreError) {
        do throws(SystemError) {
            try segment?.sync()
            try journal?.sync()
        } catch {
            throw .system(error)
        }
    }

    /// Deletes the journals that row groups have superseded, once these are durable.
    package func recycleJournal() throws(StoreError) {
        try supersedeJournals()
        while let path = supersededJournals.last {
            try system.removeIfPresent(path)
            supersededJournals.removeLast()
        }
    }

    /// The journals that row groups have superseded, once these are durable, for somebody else to delete: giving a file's
    /// blocks back may take longer than a sync.
    package func takeSupersededJournals() throws(StoreError) -> [String] {
        try supersedeJournals()
        defer { supersededJournals = [] }
        return supersededJournals
    }

    /// Sorts out journals all of whose rows are durable in segments: what a journal held may have been promised to survive
    /// more than this run promises. Nothing is lost if a deletion is: a record is passed over once a segment has reached
    /// its epoch.
    private func supersedeJournals() throws(StoreError) {
        do throws(SystemError) {
            try segment?.sync()
        } catch {
            throw .system(error)
        }
        if lastRowGroupEpoch == lastEpoch.number { rotateJournal() }
        while let full = fullJournals.first, full.lastEpoch <= lastRowGroupEpoch {
            supersededJournals.append(full.path)
            fullJournals.removeFirst()
        }
        if lastRowGroupEpoch >= recoveredEpoch { supersedeEarlierJournals() }
    }

    /// Leaves the journals of earlier runs behind, in which superseded rows may lie, if all that they are needed for
    /// is how far a stream has come: writes that anew, as the epoch `number` where this run has not yet.
    ///
    /// - Precondition: no row is in a journal only, and no tally of outcomes in one of an earlier run.
    package func replaceEarlierJournals(epoch number: UInt64) throws(StoreError) {
        guard !earlierJournals.isEmpty else { return }
        if journal == nil, lastRowGroupEpoch < lastEpoch.number {
            let frame = FrameBuffer()
            JournalRecord.write([], .none, into: frame)
            try append(journalRecord: frame, epoch: EpochMark(number: number, position: lastEpoch.position))
        }
        try sync()
        supersedeEarlierJournals()
    }

    /// All that the journals of earlier runs hold is durable elsewhere.
    private func supersedeEarlierJournals() {
        supersededJournals += earlierJournals
        earlierJournals = []
    }

    /// Turns the open segment into a file of the table, if there is one, and enters those that wait for it. Durable
    /// when this returns.
    package func seal() throws(StoreError) {
        if let segment {
            finished.append(try asStoreError(layout.open(segment.name)) { try segment.writeFooter() })
            self.segment = nil
            publish()
        }
        while let next = finished.first {
            try enter(next)
            finished.removeFirst()
        }
    }

    /// Moves a finished Parquet file from the open segments to the table.
    func enter(_ segment: SealedSegment) throws(StoreError) {
        let path = layout.open(segment.name)
        try asStoreError(path) {
            if try system.exists(path) { try system.rename(path, to: layout.sealed(segment.name)) }
            try system.syncDirectory(layout.root)
        }
        try log.add(segment, to: &logState)
        // What cannot be read now is seen as it is known; the next segment that enters the table brings this one along.
        try? contents.adopt(logState)
    }

    private func openJournal() throws(SystemError) -> Journal {
        if let journal { return journal }
        let journal = try Journal(layout: layout, system: system)
        self.journal = journal
        return journal
    }

    private func openSegment() throws(SystemError) -> OpenSegment {
        if let segment { return segment }
        let name = SegmentName(number: nextSegmentNumber, salt: system.randomWord())
        let segment = try OpenSegment(name, layout: layout, system: system)
        nextSegmentNumber += 1
        self.segment = segment
        return segment
    }
}

extension System {
    /// Deletes a file; one that is not there is no failure.
    package func removeIfPresent(_ path: String) throws(StoreError) {
        do throws(SystemError) {
            try remove(path)
        } catch {
            if !error.isNotFound { throw .system(error) }
        }
    }
}
