extension TimeChart {
    /// The chart with as many neighbouring steps drawn as one as it takes to have at most `limit`.
    func reduced(to limit: Int) -> TimeChart {
        let factor = max(1, (axis.count + limit - 1) / limit)
        guard factor > 1 else { return self }
        var reduced = self
        reduced.axis = axis.joined(by: factor)
        reduced.series = series.map { whole in
            var part = whole
            part.values = (0..<reduced.axis.count).map { group in
                reduction.value(of: whole, in: group * factor..<min(axis.count, (group + 1) * factor))
            }
            return part
        }
        let note = "each point the \(reduction.rawValue) of \(TimeAxis.spelled(us: reduced.axis.stepUs))"
        reduced.subtitle = subtitle.isEmpty ? note : "\(subtitle); \(note)"
        return reduced
    }
}

extension TimeChart.Reduction {
    /// Of the steps that have a value; a gap if none has.
    func value(of series: TimeChart.Series, in steps: Range<Int>) -> Double {
        var count = 0.0
        var sum = 0.0
        var highest = 0.0
        for step in steps {
            let value = series.value(at: step)
            if value.isNaN { continue }
            count += 1
            sum += value
            highest = max(highest, value)
        }
        guard count > 0 else { return .nan }
        return self == .mean ? sum / count : highest
    }
}
