import SpillwayModel
import SpillwayTestSupport

@testable import SpillwayQuery

/// A query about registrations, and the width of its buckets in microseconds.
struct RandomQuery {
    var query = Query()
    var intervalUs: Int64?

    init(about registrations: [Registration], using random: inout SplitMix64) {
        query.groupBy = Array(
            QueryColumn.allCases.shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random)))
        let intervals: [(QueryInterval, Int64)?] = [
            nil, (.seconds(90), 90_000_000), (.minutes(1), 60_000_000), (.minutes(7), 420_000_000),
            (.hours(1), 3_600_000_000), (.days(1), 86_400_000_000),
        ]
        let interval = intervals.randomElement(using: &random) ?? nil
        query.every = interval?.0
        intervalUs = interval?.1
        let times = (0..<2).compactMap { _ in registrations.randomElement(using: &random)?.registeredAt }.sorted()
        if let a = times.first, let b = times.last, a < b {
            if Bool.random(using: &random) { query.since = a.nearby(&random) }
            if Bool.random(using: &random) { query.until = max(b.nearby(&random), (query.since ?? a).next) }
        }
        for column in QueryColumn.allCases where Int.random(in: 0..<4, using: &random) == 0 {
            let values = (0..<2).compactMap { _ in registrations.randomElement(using: &random)?.value(of: column) }
            query.filters[column] = Set(values)
        }
    }

    /// Adds some measures that can be asked of the query's buckets.
    mutating func addMeasures(using random: inout SplitMix64) {
        query.measures = Set(QueryMeasure.allCases.filter { _ in Bool.random(using: &random) })
        if (intervalUs ?? 0) % 60_000_000 != 0 { query.measures.remove(.peakMinute) }
        // `AttemptTests` ask for those.
        query.measures.remove(.attempts)
    }
}

extension Timestamp {
    fileprivate var next: Timestamp { Timestamp(rawValue: rawValue + 1) }

    /// The time itself, or where its minute begins, or a microsecond beside that.
    fileprivate func nearby(_ random: inout SplitMix64) -> Timestamp {
        let minute = rawValue / 60_000_000 * 60_000_000
        let times = [rawValue, minute, minute - 1, minute + 1]
        return Timestamp(rawValue: times.randomElement(using: &random) ?? rawValue)
    }
}
