/// When merging segments is worth it.
package struct CompactionPolicy: Sendable {
    /// Files below half of this size are merged, into files of up to about this size, in bytes.
    package var segmentBytes: UInt64 = 256 << 20
    /// Rows of a full row group.
    package var rowGroupRows = 512 << 10
    /// Fewer neighbours than this wait until there are more.
    package var minimumSegments = 2
    /// Whether a file waits until as many bytes have gathered behind it as it has itself: then no row is rewritten
    /// more often than files double from the smallest to the largest, however small they come.
    package var waitsForEqualBytes = false
    /// Whether a segment whose row groups lack Bloom filters is rewritten, however large it is.
    package var addsBloomFilters = false

    package init() {}

    /// For work beside an engine that goes on sealing.
    package static func steady(segmentBytes: UInt64, rowGroupRows: Int) -> CompactionPolicy {
        var policy = CompactionPolicy()
        policy.segmentBytes = segmentBytes
        policy.rowGroupRows = rowGroupRows
        policy.minimumSegments = 4
        policy.waitsForEqualBytes = true
        return policy
    }
}

/// What the policy goes by in a segment.
struct SegmentShape: Hashable, Sendable {
    var byteCount: UInt64
    var rowCount: Int
    var rowGroupCount: Int
    var hasBloomFilters = true
}

extension CompactionPolicy {
    private func isSmall(_ shape: SegmentShape) -> Bool { shape.byteCount < segmentBytes / 2 }

    /// Whether rewriting it alone is worth it: as its row groups are so small, or for the sake of look-ups.
    private func isLacking(_ shape: SegmentShape) -> Bool {
        let isFragmented = shape.rowGroupCount > 1 && shape.rowCount / shape.rowGroupCount < rowGroupRows / 4
        return isFragmented || addsBloomFilters && !shape.hasBloomFilters
    }

    /// Which segments, given in order, are to become one: neighbours, so that each file goes on holding the rows of
    /// one stretch of time.
    func groups(_ shapes: [SegmentShape]) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        var start = 0
        while start < shapes.count {
            var (end, byteCount) = (start, 0 as UInt64)
            while end < shapes.count, isSmall(shapes[end]) || isLacking(shapes[end]),
                end == start || byteCount + shapes[end].byteCount <= segmentBytes
            {
                byteCount += shapes[end].byteCount
                end += 1
            }
            let group = worthwhile(start..<end, of: shapes)
            if !group.isEmpty { groups.append(group) }
            start = max(end, start + 1)
        }
        return groups
    }

    /// The part of a run of neighbours that is to be merged now.
    private func worthwhile(_ run: Range<Int>, of shapes: [SegmentShape]) -> Range<Int> {
        var (run, rest) = (run, shapes[run].reduce(0 as UInt64) { $0 + $1.byteCount })
        while waitsForEqualBytes, let first = run.first, shapes[first].byteCount > rest - shapes[first].byteCount,
            !isLacking(shapes[first])
        {
            rest -= shapes[first].byteCount
            run.removeFirst()
        }
        if run.count >= minimumSegments || run.contains(where: { isLacking(shapes[$0]) }) { return run }
        return run.prefix(0)
    }
}
