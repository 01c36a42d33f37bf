import SpillwayModel
import SpillwayPlot

/// The time that a result's buckets are of, from the first to the last, also where none is.
struct ResultTimeline {
    /// Charts of more would take more memory than they tell.
    private static let maximumSteps: Int64 = 1_000_000

    let bucketUs: Int64
    let startUs: Int64
    let stepCount: Int
    /// Of each row; nil if it has no time.
    let steps: [Int?]

    /// Nil if time is not divided.
    init?(_ table: ResultTable) throws(UsageError) {
        guard let bucketUs = table.bucketUs, bucketUs > 0,
            case .instants(let times)? = table.keys.last?.values
        else { return nil }
        self.bucketUs = bucketUs
        let known = times.compactMap { $0?.rawValue }
        startUs = known.min() ?? 0
        let (spanUs, overflow) = (known.max() ?? 0).subtractingReportingOverflow(startUs)
        guard !overflow, spanUs / bucketUs < Self.maximumSteps else {
            throw UsageError("a chart has a million points at most: give a longer --every, or --since and --until")
        }
        stepCount = known.isEmpty ? 0 : Int(spanUs / bucketUs) + 1
        steps = times.map { [startUs] time in time.map { Int(($0.rawValue - startUs) / bucketUs) } }
    }

    var axis: TimeAxis { TimeAxis(startUs: startUs, stepUs: bucketUs, count: stepCount) }

    /// `hour`, `15 minutes`
    var stepName: String {
        for (unit, lengthUs) in [("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)] as [(String, Int64)]
        where bucketUs % (lengthUs * 1_000_000) == 0 {
            let count = bucketUs / (lengthUs * 1_000_000)
            return count == 1 ? unit : "\(count) \(unit)s"
        }
        return "\(bucketUs) µs"
    }

    /// A value for each step, of the rows of one group: where there is no row, 0 if values add up, else none.
    func values(of column: ResultTable.Column, in rows: [Int]) -> [Double] {
        var values = [Double](repeating: column.isAdditive ? 0 : .nan, count: stepCount)
        let quantities = column.values.quantities ?? []
        for row in rows {
            guard let step = steps[row], let value = quantities[row] else { continue }
            values[step] = column.isAdditive ? values[step] + value : value
        }
        return values
    }
}
