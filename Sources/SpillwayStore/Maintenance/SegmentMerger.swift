import SpillwayParquet
import SpillwayPlatform

/// Makes one segment of several, a row group at a time.
struct SegmentMerger {
    let reader: RowGroupReader
    let workshop: MergedSegment.Workshop
    let rowGroupRows: Int

    /// A durable segment of the rows of `segments`, at least one, that is not in the table yet; nil if it was stopped.
    /// If it fails or is stopped, nothing of it is left.
    ///
    /// - Parameters:
    ///   - identities: whose rows are left out.
    ///   - shouldGoOn: asked after each row group, with its rows.
    func merge(
        _ segments: [StoredSegment], leavingOut identities: Set<UInt64> = [], _ layout: StoreLayout,
        _ system: any System, _ shouldGoOn: (_ rows: Int) -> Bool = { _ in true }
    ) throws -> SealedSegment? {
        precondition(!segments.isEmpty)
        let name = SegmentName(
            .merged, number: segments.reduce(0) { max($0, $1.name.number) }, salt: system.randomWord())
        do {
            let merged = try copy(segments, leavingOut: identities, as: name, layout, system, shouldGoOn)
            if merged == nil { discard(name, layout, system) }
            return merged
        } catch {
            discard(name, layout, system)
            throw error
        }
    }

    private func copy(
        _ segments: [StoredSegment], leavingOut identities: Set<UInt64>, as name: SegmentName, _ layout: StoreLayout,
        _ system: any System, _ shouldGoOn: (_ rows: Int) -> Bool
    ) throws -> SealedSegment? {
        let rowCount = segments.reduce(0) { $0 + $1.rowCount }
        var outcomes = OutcomeTally()
        for segment in segments { outcomes += try segment.loadOutcomes() }
        let merged = try MergedSegment(
            name, rowCount: rowCount, rowGroupRows: rowGroupRows, outcomes: outcomes, workshop: workshop, layout,
            system)
        var leftOut = 0
        for segment in segments {
            let file = try segment.openFile()
            for rowGroup in segment.rowGroups {
                try reader.read(rowGroup, from: file)
                leftOut += try merged.append(reader, leavingOut: identities)
                guard shouldGoOn(rowGroup.rowCount) else { return nil }
            }
        }
        let lastEpoch = segments.map(\.lastEpoch).max { $0.number < $1.number } ?? .none
        let sealed = try merged.finish(lastEpoch: lastEpoch)
        // What is about to take the place of the only copy is read back first.
        let stored = try StoredSegment(sealed: name, layout: layout, system: system)
        guard stored.rowCount == rowCount - leftOut, stored.rowCount == sealed.statistics.rowCount else {
            throw StoreError.damaged(
                path: stored.path, offset: 0,
                problem: "it holds \(stored.rowCount) rows of the \(rowCount - leftOut) it was made of")
        }
        return sealed
    }

    /// What cannot be deleted now is a leftover for the next who maintains the store.
    private func discard(_ name: SegmentName, _ layout: StoreLayout, _ system: any System) {
        try? system.remove(layout.compaction(name))
        try? system.remove(layout.sealed(name))
    }
}
