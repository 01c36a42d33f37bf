import SpillwayPlatform
import SpillwayStore

/// The rollups of several segments as one.
final class MergedRollup: Sendable {
    /// By segment, whether it keeps a rollup.
    let isCovered: [Bool]
    private let all: Rollup
    /// With series put together that no query by these columns tells apart.
    private let byColumns = Monitor<[Set<QueryColumn>: Rollup]>([:])

    /// A rollup with at most this share of all cells is worth its memory: all of that kind together take no more than
    /// half as much again.
    private static let shareWorthKeeping = 8

    /// Nil if that takes more than `limitBytes`, or there are more registrations than its counters hold.
    init?(
        _ segments: [StoredSegment], _ source: RollupSource, _ detail: RollupDetail, threads: Int, limitBytes: Int
    ) throws {
        guard segments.reduce(0, { $0 + $1.rowCount }) <= Int(UInt32.max) else { return nil }
        let loaded = Monitor(Loaded(rollups: segments.map { _ in nil }))
        try concurrentPerform(segments.count, threads: threads) { index in
            if loaded.withLock({ $0.byteCount > limitBytes }) { return }
            guard let rollup = try source.rollup(of: segments[index], detail) else { return }
            loaded.withLock { loaded in
                loaded.rollups[index] = rollup
                // As it is and merged, or merged and by columns.
                loaded.byteCount += 3 * rollup.byteCount
            }
        }
        let (rollups, byteCount) = loaded.withLock { ($0.rollups, $0.byteCount) }
        guard byteCount <= limitBytes else { return nil }
        isCovered = rollups.map { $0 != nil }
        all = Rollup.merged(rollups.compactMap { $0 })
    }

    private struct Loaded {
        var rollups: [Rollup?]
        var byteCount = 0
    }

    /// A rollup that tells apart what a query does, and not much more.
    func rollup(of plan: QueryPlan) -> Rollup {
        var columns = Set(plan.groupBy).union(plan.filters.keys)
        if columns.contains(.country) { columns.remove(.region) }
        if columns.count == QueryColumn.allCases.count - 1, !columns.contains(.region) { return all }
        return byColumns.withLock { byColumns in
            if let known = byColumns[columns] { return known }
            let cellLimit = all.minutes.count / Self.shareWorthKeeping
            let rollup = all.merging(cellLimit: cellLimit) { $0.keeping(columns) } ?? all
            byColumns[columns] = rollup
            return rollup
        }
    }
}

extension Rollup {
    /// What it takes in memory.
    fileprivate var byteCount: Int {
        series.count * MemoryLayout<Series>.stride
            + minutes.count * (MemoryLayout<Int32>.stride + MemoryLayout<UInt32>.stride)
    }
}
