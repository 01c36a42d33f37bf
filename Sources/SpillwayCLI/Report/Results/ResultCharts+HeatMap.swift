import SpillwayModel
import SpillwayPlot

extension ResultCharts {
    private static let hourUs: Int64 = 3_600_000_000
    private static let dayUs = 24 * hourUs
    private static let maximumGroups = 24
    private static let maximumDays = 366
    /// What is shorter has no course of a day.
    private static let leastHours = 3
    private static let hours = (0..<24).map { $0 < 10 ? "0\($0)" : "\($0)" }

    /// Groups by hour of the day; of one group, days by hour. Nil where buckets are no parts of hours, or there are too
    /// few hours, or too many days.
    func heatMap(of column: ResultTable.Column, on timeline: ResultTimeline) -> HeatMap? {
        guard Self.hourUs % timeline.bucketUs == 0,
            Int64(timeline.stepCount) * timeline.bucketUs >= Int64(Self.leastHours) * Self.hourUs
        else { return nil }
        return hasLabels ? groupsByHour(of: column, on: timeline) : daysByHour(of: column, on: timeline)
    }

    private func groupsByHour(of column: ResultTable.Column, on timeline: ResultTimeline) -> HeatMap {
        let hours = HourOfDay(timeline)
        let rows = groups(weighedBy: column, limit: Self.maximumGroups).groups.map { group in
            var sums = hours.isCovered.map { $0 ? 0 : Double.nan }
            for (step, value) in timeline.values(of: column, in: group.rows).enumerated() {
                sums[hours.hour(of: step)] += value
            }
            return HeatMap.Row(group.name, values: sums)
        }
        let isLong = Int64(timeline.stepCount) * timeline.bucketUs > Self.dayUs
        return HeatMap(
            title: title(column.title, by: "hour"),
            subtitle: "in each hour of the day, UTC\(isLong ? ", all days together" : "")", unit: .count,
            columns: Self.hours, rows: rows)
    }

    private func daysByHour(of column: ResultTable.Column, on timeline: ResultTimeline) -> HeatMap? {
        let hours = HourOfDay(timeline)
        let dayCount = hours.day(of: timeline.stepCount - 1) + 1
        guard (2...Self.maximumDays).contains(dayCount) else { return nil }
        var days = [[Double]](repeating: [Double](repeating: .nan, count: 24), count: dayCount)
        for (step, value) in timeline.values(of: column, in: Array(0..<table.rowCount)).enumerated() {
            let (day, hour) = (hours.day(of: step), hours.hour(of: step))
            days[day][hour] = (days[day][hour].isNaN ? 0 : days[day][hour]) + value
        }
        let rows = days.enumerated().map { HeatMap.Row(hours.date(ofDay: $0), values: $1) }
        return HeatMap(
            title: title(column.title, by: "day", "hour"), subtitle: "in each hour, UTC", unit: .count,
            columns: Self.hours, rows: rows)
    }
}

/// The day and the hour of UTC that each step of a timeline is in.
private struct HourOfDay {
    private static let hourUs: Int64 = 3_600_000_000
    private static let dayUs: Int64 = 24 * hourUs

    private let timeline: ResultTimeline
    private let sinceMidnightUs: Int64

    init(_ timeline: ResultTimeline) {
        self.timeline = timeline
        sinceMidnightUs = timeline.startUs.flooredDivision(by: Self.dayUs).remainder
    }

    func day(of step: Int) -> Int { Int((sinceMidnightUs + Int64(step) * timeline.bucketUs) / Self.dayUs) }

    func hour(of step: Int) -> Int {
        Int((sinceMidnightUs + Int64(step) * timeline.bucketUs) % Self.dayUs / Self.hourUs)
    }

    /// Whether a step is in each of the hours.
    var isCovered: [Bool] {
        var covered = [Bool](repeating: false, count: 24)
        // Every hour of a day is met within a day.
        let perDay = Int(Self.dayUs / timeline.bucketUs)
        for step in 0..<min(timeline.stepCount, perDay) { covered[hour(of: step)] = true }
        return covered
    }

    /// `2021-10-04`
    func date(ofDay day: Int) -> String {
        // Wraps at the end of time, where no calendar goes.
        let midnightUs = timeline.startUs &- sinceMidnightUs &+ Int64(day) * Self.dayUs
        return String(Timestamp(rawValue: midnightUs).rfc3339.prefix { $0 != "T" })
    }
}
