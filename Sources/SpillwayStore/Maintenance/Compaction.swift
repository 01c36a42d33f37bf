import SpillwayParquet
import SpillwayPlatform

/// Merges small segments, and those that lack something, into files of full row groups, while others write the store
/// and read it. Used by one thread at a time.
///
/// A merged segment is made where nobody looks, moved to its place durably, and takes the place of its inputs with
/// one version of the table's log. The inputs' files stay, for those who still read them, until they are vacuumed.
package final class Compaction {
    private let layout: StoreLayout
    private let policy: CompactionPolicy
    private let system: any System
    private let reader = RowGroupReader()
    private let workshop = MergedSegment.Workshop()
    /// Of live segments, from their footers, which never change.
    private var shapes: [SegmentName: SegmentShape] = [:]

    package init(storeAt path: String, policy: CompactionPolicy = CompactionPolicy(), system: any System) {
        layout = StoreLayout(root: path)
        self.policy = policy
        self.system = system
    }

    /// What a run did.
    package struct Report: Hashable, Sendable {
        package var segmentsBefore = 0
        package var segmentsAfter = 0
        package var rowCount = 0
        package var bytesBefore: UInt64 = 0
        package var bytesAfter: UInt64 = 0
    }

    /// Merges what is worth it by the policy.
    ///
    /// - Parameters:
    ///   - shouldStop: asked now and then; what is not done by then is left for another run.
    ///   - onProgress: told how many of how many rows are merged.
    /// - Throws: ``StoreError``: what was merged before stays merged.
    package func run(
        shouldStop: () -> Bool = { false }, onProgress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(StoreError) -> Report {
        try asStoreError(layout.root) {
            let maintenance = try Maintenance(layout, system)
            try maintenance.removeLeftovers()
            var state = try maintenance.log.load()
            let groups = try plan(state)
            let total = groups.joined().reduce(0) { $0 + (shapes[$1]?.rowCount ?? 0) }
            var report = Report()
            for group in groups {
                var done = report.rowCount
                let isDone = try compact(group, &state, maintenance, &report) { rows in
                    done += rows
                    onProgress(done, total)
                    return !shouldStop()
                }
                if !isDone { break }
            }
            return report
        }
    }

    private func plan(_ state: DeltaLog.State) throws -> [[SegmentName]] {
        let live = try state.liveSegments(layout: layout)
        var known: [SegmentName: SegmentShape] = [:]
        for name in live { known[name] = try shapes[name] ?? shape(of: name) }
        shapes = known
        return policy.groups(live.compactMap { known[$0] }).map { Array(live[$0]) }
    }

    private func shape(of name: SegmentName) throws -> SegmentShape {
        let segment = try StoredSegment(sealed: name, layout: layout, system: system)
        return SegmentShape(
            byteCount: try segment.openFile().size(), rowCount: segment.rowCount,
            rowGroupCount: segment.rowGroups.count,
            hasBloomFilters: segment.rowGroups.allSatisfy {
                $0.columns[SegmentColumn.identity.rawValue].bloomFilterChecksum != nil
            })
    }

    /// False if it was stopped.
    private func compact(
        _ names: [SegmentName], _ state: inout DeltaLog.State, _ maintenance: Maintenance, _ report: inout Report,
        _ shouldGoOn: (_ rows: Int) -> Bool
    ) throws -> Bool {
        let segments = try names.map { try StoredSegment(sealed: $0, layout: layout, system: system) }
        let merger = SegmentMerger(reader: reader, workshop: workshop, rowGroupRows: policy.rowGroupRows)
        guard let merged = try merger.merge(segments, layout, system, shouldGoOn) else { return false }
        let bytesBefore = names.reduce(0) { $0 + (shapes[$1]?.byteCount ?? 0) }
        guard try maintenance.log.replace(names, by: [merged], dataChange: false, in: &state) else {
            // Another tool that maintains the table was first.
            try system.remove(layout.sealed(merged.name))
            return true
        }
        report.segmentsBefore += names.count
        report.segmentsAfter += 1
        report.rowCount += merged.statistics.rowCount
        report.bytesBefore += bytesBefore
        report.bytesAfter += merged.size
        return true
    }
}
