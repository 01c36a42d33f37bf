import SpillwayModel
import SpillwayStore

/// Attempts that brought no registration, of each group of a query, from what the store tallied of them.
struct AttemptCounter {
    private var counts: [GroupKey: OutcomeCounts] = [:]

    /// - Parameter slices: the query's time, in order.
    init(_ tally: OutcomeTally, _ plan: QueryPlan, _ slices: [TimeSlice], _ names: NameTable) throws(QueryError) {
        for (cell, count) in tally.counts {
            let region = cell.region?.rawValue ?? ""
            guard plan.filters[.region]?.contains(region) ?? true,
                let bucket = Self.bucket(of: cell.minute, plan, slices)
            else { continue }
            let values = plan.groupBy.isEmpty ? 0 : UInt64(try names.numbers(of: [region])[0])
            counts[GroupKey(values: values, bucket: bucket), default: OutcomeCounts()].add(cell.outcome, count)
        }
    }

    /// Nil if the minute does not count.
    private static func bucket(of minute: Int32?, _ plan: QueryPlan, _ slices: [TimeSlice]) -> Int64? {
        guard let minute else { return plan.hasAllTimes ? 0 : nil }
        let time = Int64(minute) * Minute.microseconds
        guard let slice = slices.first(where: { $0.times.contains(time) }) else { return nil }
        return slice.numbering?.bucket(of: Timestamp(rawValue: time)) ?? 0
    }

    /// Groups in which there was any.
    var groups: some Collection<GroupKey> { counts.keys }

    /// All attempts of a group.
    func attempts(_ group: GroupKey, registrations: Int) -> OutcomeCounts {
        var counts = counts[group] ?? OutcomeCounts()
        counts.accepted = registrations
        return counts
    }
}

extension OutcomeCounts {
    fileprivate mutating func add(_ code: OutcomeCode, _ count: Int) {
        switch code.outcome {
        case .accepted: accepted += count
        case .duplicate: duplicates += count
        case .refused(let refusal): refused[refusal.reason, default: 0] += count
        }
    }
}

extension OutcomeTally {
    /// From the first minute that has any to the last, in microseconds; nil if none has.
    var times: ClosedRange<Int64>? {
        let minutes = counts.keys.lazy.compactMap(\.minute)
        guard let first = minutes.min(), let last = minutes.max() else { return nil }
        return Int64(first) * Minute.microseconds...(Int64(last) + 1) * Minute.microseconds - 1
    }
}

extension QueryPlan {
    /// Whether attempts are tallied by all that the query tells them apart by.
    var countsAttempts: Bool {
        let bounds = [times.lowerBound, times.upperBound.addingClamped(1)]
        return (groupBy + filters.keys).allSatisfy { $0 == .region } && countsFromRollups
            && (every?.microseconds ?? 0) % Minute.microseconds == 0
            && bounds.allSatisfy { [.min, .max].contains($0) || $0 % Minute.microseconds == 0 }
    }

    /// Whether no time is left out, and time is not divided.
    fileprivate var hasAllTimes: Bool { every == nil && times == .min ... .max }
}
