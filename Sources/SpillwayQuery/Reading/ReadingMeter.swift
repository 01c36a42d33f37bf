import SpillwayParquet
import SpillwayPlatform
import SpillwayStore
import Synchronization

/// Notes what one query reads, on all of its threads.
final class ReadingMeter: Sendable {
    private struct Rows {
        var read = 0
        var expected = 0
        /// Places of the sources that were read.
        var sources: Set<Int> = []
    }

    private let rows = Monitor(Rows())
    private let bytes = Atomic<Int>(0)
    private let pages = Monitor(PageCounts())

    private let onProgress: QueryProgress.Handler?

    init(_ onProgress: QueryProgress.Handler? = nil) { self.onProgress = onProgress }

    /// Says that so many rows are going to be read.
    func expect(_ count: Int) { rows.withLock { $0.expected += count } }

    /// - Throws: ``QueryError/cancelled``
    func begin(_ source: RowSource, _ index: Int) throws(QueryError) {
        try report()
        rows.withLock { rows in
            rows.read += source.rowCount
            rows.sources.insert(index)
        }
    }

    /// Says how far the query is, to whoever wants to know.
    ///
    /// - Throws: ``QueryError/cancelled``
    func report() throws(QueryError) {
        guard let onProgress else { return }
        let progress = rows.withLock { QueryProgress(rowsRead: $0.read, rowsToRead: $0.expected) }
        guard onProgress(progress) else { throw .cancelled }
    }

    func add(_ counts: PageCounts) { pages.withLock { $0 += counts } }

    func add(bytes count: Int) { bytes.add(count, ordering: .relaxed) }

    /// What was read, of a snapshot's row groups and journal.
    func reading(of snapshot: Snapshot, _ plan: QueryPlan) -> QueryReading {
        let (rowsRead, sources) = rows.withLock { ($0.read, $0.sources) }
        var reading = QueryReading()
        reading.segments = snapshot.view.segments.count
        reading.rowGroups = snapshot.rowGroups.count
        reading.rowsRead = rowsRead
        reading.bytesRead = bytes.load(ordering: .relaxed)
        let pages = pages.withLock { $0 }
        (reading.pagesRead, reading.pagesPassedOver) = (pages.read, pages.passedOver)
        for (index, place) in snapshot.rowGroups.enumerated() {
            if sources.contains(index) {
                reading.rowGroupsRead += 1
            } else if place.times?.overlaps(plan.times) ?? false {
                reading.rowGroupsInRollups += 1
            } else {
                reading.rowGroupsOutsideTime += 1
            }
        }
        return reading
    }
}
