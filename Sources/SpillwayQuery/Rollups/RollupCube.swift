import SpillwayPlatform
import SpillwayStore

/// The rollups of all segments of a view, in the detail that queries ask for: merged once the first one does, and kept as
/// long as the view is.
final class RollupCube: Sendable {
    private enum Content {
        case unread
        case merged(MergedRollup)
        /// Rollups that are too large to be kept, and are read segment by segment.
        case tooLarge
    }

    private let segments: [StoredSegment]
    private let source: RollupSource
    /// The minutes that the segments' registrations were made in; nil if there are none.
    private let minutes: ClosedRange<Int64>?
    /// What may be kept of each detail.
    private let limitBytes: Int
    private let contents: [RollupDetail: Monitor<Content>]

    /// - Parameters:
    ///   - times: Those of the segments' registrations.
    ///   - limitBytes: 0 to read each rollup as it is asked for, which costs less where there is one query.
    init(_ segments: [StoredSegment], _ source: RollupSource, times: ClosedRange<Int64>?, limitBytes: Int) {
        self.segments = segments
        self.source = source
        self.limitBytes = limitBytes
        minutes = times.flatMap { MinuteSplit(Minute.rounding($0)).minutes }
        let content = limitBytes > 0 ? Content.unread : .tooLarge
        contents = [.totals: Monitor(content), .minutes: Monitor(content)]
    }

    /// What rollups say of a query, and of which segments: the rows of the others are left to count.
    struct Answer: Sendable {
        var totals = GroupTotals()
        /// By segment.
        var isCovered: [Bool]
        var cellCount = 0
    }

    /// Counts what lies in whole minutes of the slices.
    func count(
        _ plan: QueryPlan, _ slices: [TimeSlice], _ names: NameTable, _ memory: QueryMemory
    ) throws -> Answer {
        let whole = slices.compactMap { slice in
            MinuteSplit(slice.times).minutes.map { Part(minutes: $0, numbering: slice.numbering) }
        }
        let isAllTime = whole.count == 1 && isAllTime(whole[0])
        let detail: RollupDetail = isAllTime ? .totals : .minutes
        let parts = isAllTime ? [Part(minutes: .min ... .max)] : whole
        if let merged = try merged(detail, threads: memory.threads) {
            var counter = RollupAggregator(plan, names, memory)
            let rollup = merged.rollup(of: plan)
            for part in parts { try counter.add(rollup, part.minutes, part.numbering) }
            return Answer(totals: counter.totals, isCovered: merged.isCovered, cellCount: counter.cellCount)
        }
        let answer = Monitor(Answer(isCovered: segments.map { _ in false }))
        try concurrentPerform(segments.count, threads: memory.threads) { [self] index in
            guard let rollup = try source.rollup(of: segments[index], detail) else { return }
            var counter = RollupAggregator(plan, names, memory)
            for part in parts { try counter.add(rollup, part.minutes, part.numbering) }
            let (totals, cellCount) = (counter.totals, counter.cellCount)
            try answer.withLock { (answer) throws(QueryError) in
                answer.totals.append(totals)
                answer.isCovered[index] = true
                answer.cellCount += cellCount
                try answer.totals.check(limit: memory.maximumGroupCount)
            }
        }
        return answer.withLock { $0 }
    }

    private struct Part: Sendable {
        var minutes: ClosedRange<Int64>
        var numbering: BucketNumbering?
    }

    private func isAllTime(_ part: Part) -> Bool {
        guard part.numbering == nil, let minutes else { return false }
        return part.minutes.lowerBound <= minutes.lowerBound && minutes.upperBound <= part.minutes.upperBound
    }

    /// Nil if it is too large.
    private func merged(_ detail: RollupDetail, threads: Int) throws -> MergedRollup? {
        try contents[detail]?.withLock { content in
            if case .unread = content {
                let merged = try MergedRollup(segments, source, detail, threads: threads, limitBytes: limitBytes)
                content = merged.map { .merged($0) } ?? .tooLarge
            }
            guard case .merged(let merged) = content else { return nil }
            return merged
        }
    }
}
