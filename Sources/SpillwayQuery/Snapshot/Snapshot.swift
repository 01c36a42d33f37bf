import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// What a store held at one moment, to be asked as often as one likes: every answer is of the same registrations,
/// while others go on writing the store.
///
/// ```swift
/// let snapshot = try Snapshot(ofStoreAt: "signups")
/// var byRegion = Query()
/// byRegion.groupBy = [.region]
/// for row in try snapshot.run(byRegion).rows { … }
/// ```
///
/// The first query that can be answered from rollups has them read and merged; those after it read no file, unless
/// they ask for what rollups do not have. Of a store that is erased from or vacuumed, a snapshot may outlive the files:
/// then it throws ``QueryError/outdated(path:)``, and another is to be taken.
public final class Snapshot: Sendable {
    let view: StoreView
    let rowGroups: [RowGroupPlace]
    /// Rows that are in no row group.
    let journaled: RegistrationBatch
    let cube: RollupCube
    let lookupCache: LookupCache
    /// Once it was asked for.
    private let tallied = Monitor<OutcomeTally?>(nil)
    let threads: Int
    let memoryLimitBytes: Int
    /// From the earliest to the latest registration; nil if there is none.
    let times: ClosedRange<Int64>?

    /// Takes a snapshot of every registration that was acknowledged before. Changes nothing, and needs no lock: another
    /// process may have the store open.
    ///
    /// - Parameters:
    ///   - threads: How many threads queries use; as many as there are processors, and have room, if nil.
    ///   - memoryLimitBytes: The most memory that the snapshot and a query of it use, beside what the store's own
    ///     metadata takes.
    /// - Throws: ``QueryError/store(_:)``
    public convenience init(
        ofStoreAt path: String, threads: Int? = nil, memoryLimitBytes: Int = 1 << 30
    ) throws(QueryError) {
        do {
            try self.init(
                StoreView(path: path, system: PosixSystem()), threads: threads, memoryLimitBytes: memoryLimitBytes)
        } catch {
            throw QueryError(error)
        }
    }

    /// A snapshot of what a view holds.
    ///
    /// - Parameter previous: A snapshot of the same store, whose look-ups' memory it shares.
    /// - Throws: ``StoreError``
    package convenience init(
        _ view: StoreView, threads: Int? = nil, memoryLimitBytes: Int = 1 << 30, after previous: Snapshot? = nil
    ) throws {
        previous?.lookupCache.keepOnly(segmentsAt: Set(view.segments.map(\.path)))
        try self.init(
            view, threads: threads, memoryLimitBytes: memoryLimitBytes, rollups: .stored, keepsRollups: true,
            lookupCache: previous?.lookupCache)
    }

    /// - Parameter keepsRollups: Whether to keep what rollups count for the queries to come.
    init(
        _ view: StoreView, threads: Int?, memoryLimitBytes: Int, rollups: RollupSource, keepsRollups: Bool,
        lookupCache: LookupCache? = nil
    ) throws {
        self.view = view
        self.threads = threads ?? Process.processorCount
        self.memoryLimitBytes = memoryLimitBytes
        rowGroups = try view.segments.enumerated().flatMap { index, segment in
            try segment.rowGroups.map { metadata in
                RowGroupPlace(segment: index, metadata: metadata, times: try segment.times(of: metadata))
            }
        }
        journaled = view.journaled
        let journaledTimes = journaled.registeredAt.lazy.map(\.rawValue)
        let least = rowGroups.lazy.compactMap { $0.times?.lowerBound }.min()
        let greatest = rowGroups.lazy.compactMap { $0.times?.upperBound }.max()
        if let low = [least, journaledTimes.min()].compactMap({ $0 }).min(),
            let high = [greatest, journaledTimes.max()].compactMap({ $0 }).max()
        {
            times = low...high
        } else {
            times = nil
        }
        cube = RollupCube(
            view.segments, rollups, times: times, limitBytes: keepsRollups ? memoryLimitBytes / 4 : 0)
        self.lookupCache = lookupCache ?? LookupCache(limitBytes: keepsRollups ? memoryLimitBytes / 4 : 0)
    }

    /// What became of attempts that brought no registration.
    func outcomes() throws(StoreError) -> OutcomeTally {
        if let known = tallied.withLock({ $0 }) { return known }
        let outcomes = try view.loadOutcomes()
        tallied.withLock { $0 = outcomes }
        return outcomes
    }

    /// The files that it reads.
    package var segmentPaths: [String] { view.segments.map(\.path) }

    /// How many registrations there are.
    public var registrations: Int { view.rowCount }
}

extension StoredSegment {
    /// The times of a row group; nil if it has no rows.
    fileprivate func times(of metadata: RowGroupMetadata) throws(StoreError) -> ClosedRange<Int64>? {
        if metadata.rowCount == 0 { return nil }
        if let range = metadata.integerRange(of: .registeredAt) { return range }
        throw .damaged(
            path: path, offset: metadata.columns[SegmentColumn.registeredAt.rawValue].offset,
            problem: "column \(SegmentColumn.registeredAt.name) has no statistics")
    }
}
