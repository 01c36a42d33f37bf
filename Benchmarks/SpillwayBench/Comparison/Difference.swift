/// What became of one metric of one case from one report to another.
struct Difference: Codable {
    enum Verdict: String, Codable {
        case better, worse
        /// Of what is neither better nor worse.
        case higher, lower
        case noDifference = "no difference"
        /// There are fewer than two repetitions, which tell nothing of chance.
        case untested
    }

    var settings: [String: String]
    var metric: String
    var firstMedian: Double
    var secondMedian: Double
    /// Of the means, in percent of the first; nil if that is 0.
    var differencePercent: Double?
    /// Where the true difference lies with odds of 95 %.
    var leastPercent: Double?
    var greatestPercent: Double?
    /// The odds of such a difference by chance; nil if untested.
    var pValue: Double?
    var verdict: Verdict

    /// Nil if either has no values.
    init?(_ metric: Metric, settings: [String: String], from first: [Double], to second: [Double]) {
        guard let firstSample = Sample(first), let secondSample = Sample(second) else { return nil }
        self.settings = settings
        self.metric = metric.name
        firstMedian = firstSample.median
        secondMedian = secondSample.median
        let base = (first.reduce(0, +) / Double(first.count)).magnitude
        func percent(_ difference: Double) -> Double? { base > 0 ? difference / base * 100 : nil }
        guard let test = WelchTest(first, second) else {
            differencePercent = percent(
                second.reduce(0, +) / Double(second.count) - first.reduce(0, +) / Double(first.count))
            verdict = .untested
            return
        }
        differencePercent = percent(test.difference)
        leastPercent = percent(test.interval.lowerBound)
        greatestPercent = percent(test.interval.upperBound)
        pValue = test.pValue
        verdict = Self.verdict(test, metric.better)
    }

    private static func verdict(_ test: WelchTest, _ better: Metric.Better) -> Verdict {
        guard test.isSignificant else { return .noDifference }
        return switch better {
        case .neither: test.difference > 0 ? .higher : .lower
        case .higher: test.difference > 0 ? .better : .worse
        case .lower: test.difference < 0 ? .better : .worse
        }
    }
}
