import SpillwayStore

/// Where the rollup of a segment comes from.
struct RollupSource: Sendable {
    /// Nil for a segment that keeps none, whose rows are read then.
    var load: @Sendable (StoredSegment, RollupDetail) throws -> Rollup?

    /// What was written with the segment.
    static let stored = RollupSource { try $0.loadRollup($1) }
    /// As if no segment kept any.
    static let none = RollupSource { _, _ in nil }

    /// - Throws: ``StoreError``, also if the rollup counts other than the segment's rows.
    func rollup(of segment: StoredSegment, _ detail: RollupDetail) throws -> Rollup? {
        guard let rollup = try load(segment, detail) else { return nil }
        let counted = rollup.registrations
        guard counted == segment.rowCount else {
            throw StoreError.damaged(
                path: segment.path, offset: 0,
                problem: "the rollup counts \(counted) registrations of \(segment.rowCount)")
        }
        return rollup
    }
}
