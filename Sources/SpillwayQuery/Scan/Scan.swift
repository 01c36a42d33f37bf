import SpillwayModel
import SpillwayParquet
import SpillwayPlatform
import SpillwayStore
import Synchronization

/// Goes through rows of a view, on several threads.
struct Scan {
    private let view: StoreView
    private let rowGroups: [RowGroupPlace]
    private let journaled: RegistrationBatch
    private let meter: ReadingMeter
    let memory: QueryMemory

    init(_ snapshot: Snapshot, meter: ReadingMeter = ReadingMeter()) {
        view = snapshot.view
        rowGroups = snapshot.rowGroups
        journaled = snapshot.journaled
        self.meter = meter
        memory = QueryMemory(
            limitBytes: snapshot.memoryLimitBytes, threads: snapshot.threads,
            largestRowGroup: rowGroups.reduce(journaled.count) { max($0, $1.metadata.rowCount) })
    }

    /// The greatest latency of any row.
    func maximumLatencyUs() throws -> Int64 {
        try (0...rowGroups.count).reduce(0) {
            max($0, try source(at: $1).range(of: .latencyUs)?.upperBound ?? 0)
        }
    }

    /// One for each row group, and the journal's.
    private func source(at index: Int) throws -> RowSource {
        if index == rowGroups.count { return .journal(journaled) }
        let place = rowGroups[index]
        return .rowGroup(place.metadata, MeteredFile(try view.segments[place.segment].openFile(), meter))
    }

    private func rowCount(at index: Int) -> Int {
        index == rowGroups.count ? journaled.count : rowGroups[index].metadata.rowCount
    }

    /// Runs `worker` on each thread; it gets a function that hands out what is to be read next.
    func run(_ worker: @escaping @Sendable (_ next: () throws -> RowSource?) throws -> Void) throws {
        try run(Array(0...rowGroups.count), worker)
    }

    /// Runs `worker` as ``run(_:)`` does for each of the parts in turn, with a scanner of its own.
    func run(
        _ parts: [ScanPart], _ names: NameTable,
        _ worker: @escaping @Sendable (_ scanner: RowScanner, _ next: () throws -> RowSource?) throws -> Void
    ) throws {
        meter.expect(parts.reduce(0) { $0 + $1.sources.reduce(0) { $0 + rowCount(at: $1) } })
        for part in parts {
            try run(part.sources) { next in
                let scanner = RowScanner(plan: part.plan, names: names)
                try worker(scanner, next)
                meter.add(scanner.pageCounts)
            }
        }
    }

    private func run(
        _ sources: [Int], _ worker: @escaping @Sendable (_ next: () throws -> RowSource?) throws -> Void
    ) throws {
        let position = Atomic<Int>(0)
        try concurrentPerform(min(memory.threads, sources.count), threads: memory.threads) { _ in
            do {
                try worker {
                    let index = position.add(1, ordering: .relaxed).oldValue
                    guard index < sources.count else { return nil }
                    let source = try source(at: sources[index])
                    try meter.begin(source, sources[index])
                    return source
                }
            } catch {
                // No thread begins anything more.
                position.store(sources.count, ordering: .relaxed)
                throw error
            }
        }
    }

    func counts(_ parts: [ScanPart], _ names: NameTable) throws -> [GroupKey: Int] {
        let total = Monitor(GroupCounts(memory))
        try run(parts, names) { scanner, next in
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
