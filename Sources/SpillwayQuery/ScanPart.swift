import SpillwayModel
import SpillwayStore

/// A part of a query's time, and the rows that are read for it.
struct ScanPart: Sendable {
    /// Limited to that time.
    let plan: QueryPlan
    /// Row groups by their place among a snapshot's; the journal's rows follow the last.
    let sources: [Int]

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
}
