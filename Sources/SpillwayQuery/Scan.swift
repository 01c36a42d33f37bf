import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore
import Synchronization

/// Goes through all rows of a view, on several threads.
struct Scan {
    private struct Place {
        var segment: StoredSegment
        var rowGroup: RowGroupMetadata
    }

    private let places: [Place]
    private let journaled: RegistrationBatch
    let memory: QueryMemory

    init(_ view: StoreView, threads: Int, memoryLimitBytes: Int) {
        places = view.segments.flatMap { segment in
            segment.rowGroups.map { Place(segment: segment, rowGroup: $0) }
        }
        journaled = view.journaled
        memory = QueryMemory(
            limitBytes: memoryLimitBytes, threads: threads,
            largestRowGroup: places.reduce(view.journaled.count) { max($0, $1.rowGroup.rowCount) })
    }

    /// The greatest latency of any row.
    func maximumLatencyUs() throws -> Int64 {
        try (0...places.count).reduce(0) {
            max($0, try source(at: $1).range(of: .latencyUs)?.upperBound ?? 0)
        }
    }

    /// One for each row group, and the journal's.
    private func source(at index: Int) throws -> RowSource {
        if index == places.count { return .journal(journaled) }
        return .rowGroup(places[index].rowGroup, try places[index].segment.openFile())
    }

    /// Runs `worker` on each thread; it gets a function that hands out what is to be read next.
    func run(_ worker: @escaping @Sendable (_ next: () throws -> RowSource?) throws -> Void) throws {
        let position = Atomic<Int>(0)
        try concurrentPerform(memory.threads, threads: memory.threads) { _ in
            do {
                try worker {
                    let index = position.add(1, ordering: .relaxed).oldValue
                    return index <= places.count ? try source(at: index) : nil
                }
            } catch {
                // No thread begins anything more.
                position.store(places.count + 1, ordering: .relaxed)
                throw error
            }
        }
    }

    func counts(_ plan: QueryPlan, _ names: NameTable) throws -> [GroupKey: Int] {
        let total = Monitor(GroupCounts(memory))
        try run { next in
            let scanner = RowScanner(plan: plan, names: names)
            var counts = GroupCounts(memory)
            while let source = try next() {
                let rows = try scanner.scan(source, onlyCounts: true)
                try counts.add(rows, scanner, rowCount: source.rowCount)
            }
            let totals = counts.totals
            try total.withLock { (total) throws(QueryError) in try total.merge(totals) }
        }
        return total.withLock { $0.totals }
    }
}
