/// UTC time, cut into steps of one length.
package struct TimeAxis: Sendable, Hashable {
    /// Where the first step begins, in microseconds since 1970.
    package let startUs: Int64
    package let stepUs: Int64
    /// How many steps there are.
    package let count: Int

    /// - Precondition: `stepUs` > 0, `count` ≥ 0
    package init(startUs: Int64, stepUs: Int64, count: Int) {
        precondition(stepUs > 0 && count >= 0)
        self.startUs = startUs
        self.stepUs = stepUs
        self.count = count
    }

    /// When a step begins; the end of time if that is earlier.
    func timeUs(of step: Int) -> Int64 {
        let (offset, tooLong) = stepUs.multipliedReportingOverflow(by: Int64(step))
        let (time, tooLate) = startUs.addingReportingOverflow(offset)
        return tooLong || tooLate ? .max : time
    }

    /// The same time in steps that are `factor` times as long.
    func joined(by factor: Int) -> TimeAxis {
        let (length, tooLong) = stepUs.multipliedReportingOverflow(by: Int64(factor))
        return TimeAxis(
            startUs: startUs, stepUs: tooLong ? .max : length, count: count / factor + (count % factor > 0 ? 1 : 0))
    }
}

extension TimeAxis {
    struct Tick: Hashable {
        /// In steps from the start.
        var position: Double
        /// A time of day, or a day if ticks are days apart.
        var label: String
        /// What the label leaves out: the day or the year, where that is another than at the tick before.
        var context: String
    }

    /// At round times, evenly spaced.
    func ticks(atMost limit: Int) -> [Tick] {
        let spanUs = Double(stepUs) * Double(count)
        guard count > 0, limit > 0, let intervalUs = Self.interval(for: spanUs / Double(limit)) else { return [] }
        var ticks: [Tick] = []
        var previous: CivilTime?
        // Several days are counted from the first midnight.
        let roundUs = min(intervalUs, Self.dayUs)
        let sinceRoundUs = startUs.remainderFloored(roundUs)
        var timeUs = sinceRoundUs == 0 ? startUs : startUs.addingSaturating(roundUs - sinceRoundUs)
        while ticks.count <= limit, timeUs < .max, Double(timeUs) - Double(startUs) <= spanUs {
            guard let time = CivilTime(us: timeUs) else { break }
            ticks.append(
                Tick(
                    position: (Double(timeUs) - Double(startUs)) / Double(stepUs),
                    label: time.label(everyUs: intervalUs), context: time.context(everyUs: intervalUs, after: previous))
            )
            previous = time
            timeUs = timeUs.addingSaturating(intervalUs)
        }
        return ticks
    }

    /// The shortest round interval that is not below `us`, or by so little that a day and its last minute are marked
    /// as a day is; nil beyond a million years.
    private static func interval(for us: Double) -> Int64? {
        let leastUs = us * 0.99
        let round = roundSeconds.map { Int64($0 * 1_000_000) }
        if let interval = round.first(where: { Double($0) >= leastUs }) { return interval }
        return (1..<30).map { dayUs << $0 }.first { Double($0) >= leastUs }
    }

    static let dayUs: Int64 = 86_400_000_000
    private static let roundSeconds = [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
        7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
    ]

    /// `15 min`, `1.5 h`
    static func spelled(us: Int64) -> String {
        let seconds = Double(us) / 1e6
        for (unit, length) in [("d", 86_400.0), ("h", 3600), ("min", 60), ("s", 1)] where seconds >= length {
            return "\(ValueUnit.spelled(seconds / length)) \(unit)"
        }
        return "\(ValueUnit.spelled(seconds * 1000)) ms"
    }

    /// When a step begins, as fine as the steps are: `15:40`; where the axis is longer than a day, `4 Oct, 15:40`.
    func clock(ofStep step: Int) -> String {
        guard let time = CivilTime(us: timeUs(of: step)) else { return "?" }
        if stepUs >= Self.dayUs { return time.day }
        let clock = time.clock(everyUs: stepUs)
        return Double(stepUs) * Double(count) > Double(Self.dayUs) * 1.01 ? "\(time.day), \(clock)" : clock
    }
}

extension Int64 {
    fileprivate func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
