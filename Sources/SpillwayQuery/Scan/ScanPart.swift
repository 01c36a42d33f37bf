import SpillwayModel
import SpillwayStore

/// A part of a query's time, and the rows that are read for it.
struct ScanPart: Sendable {
    /// Limited to that time.
    let plan: QueryPlan
    /// Row groups by their place among a snapshot's; the journal's rows follow the last.
    private(set) var sources: [Int]

    /// Rows of a snapshot in `slice`: those of the row groups that `isRead` chooses, and the journal's. Nil if there
    /// are none.
    init?(
        _ plan: QueryPlan, _ slice: TimeSlice, _ snapshot: Snapshot, hasJournal: Bool = true,
        where isRead: (RowGroupPlace) -> Bool = { _ in true }
    ) {
        var sources: [Int] = []
        for (index, place) in snapshot.rowGroups.enumerated() {
            if let times = place.times, times.overlaps(slice.times), isRead(place) { sources.append(index) }
        }
        if hasJournal, snapshot.journaled.count > 0 { sources.append(snapshot.rowGroups.count) }
        if sources.isEmpty { return nil }
        self.plan = plan.limited(to: slice)
        self.sources = sources
    }

    /// One of so many of its sources, from all over it; nil if there are too few.
    func each(_ stride: Int) -> ScanPart? {
        var part = self
        part.sources = sources.indices.filter { $0 % stride == stride / 2 }.map { sources[$0] }
        return part.sources.isEmpty ? nil : part
    }
}
