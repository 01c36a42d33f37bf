import SpillwayModel
import SpillwayPlot

/// The report of a replay: what it came to, and its curves by region, as one HTML file.
enum ReplayPage {
    /// What the page shows. Values are by region, in the order of `regions`, then by interval.
    struct Input {
        /// The trace's name.
        var title: String
        var subtitle: String
        /// Trace, store, speed, totals, rates, schedule, machine: what a reader compares replays by.
        var facts: [(name: String, text: String)]
        /// When the first interval begins, and how long each is.
        var start: Timestamp
        var stepSeconds: Double
        var regions: [Region]

        /// Attempts that were handed to the engine in each interval, and what was answered in it.
        var offered: [[Int]]
        var accepted: [[Int]]
        var duplicates: [[Int]]
        var refused: [[Int]]
        /// From handing in to the answer, of the attempts that were answered in the interval; nil if none was.
        var p50Us: [[Int?]]
        var p99Us: [[Int?]]
        /// Attempts handed in and not answered, at the end of each interval.
        var backlog: [Int]
    }

    static func html(_ input: Input) -> String {
        Page(
            title: input.title, subtitle: input.subtitle,
            tables: [Page.Table("Replay", facts: input.facts), input.regionTable],
            charts: [
                input.rates("Offered", "attempts a second handed to the engine", of: input.offered),
                input.rates("Accepted", "registrations a second acknowledged as accepted", of: input.accepted),
                input.latencies,
                input.medians,
                input.backlogChart,
                input.rejections,
            ]
        ).html()
    }
}

extension ReplayPage.Input {
    private var intervalCount: Int {
        ([offered, accepted, duplicates, refused].flatMap { $0.map(\.count) } + [backlog.count]).max() ?? 0
    }

    /// Of at least a microsecond.
    private var axis: TimeAxis {
        let stepUs = max(1, (stepSeconds * 1e6).rounded())
        return TimeAxis(startUs: start.rawValue, stepUs: Int64(min(stepUs, 1e15)), count: intervalCount)
    }

    fileprivate func rates(_ title: String, _ subtitle: String, of counts: [[Int]]) -> TimeChart {
        let series = zip(regions, counts).map { TimeChart.Series($0, perSecond($1)) }
        return TimeChart(
            title: title, subtitle: subtitle, axis: axis, unit: .perSecond, form: .stackedAreas, series: series)
    }

    private func perSecond(_ counts: [Int]) -> [Double] {
        counts.map { Double($0) / max(stepSeconds, 1e-6) }
    }

    fileprivate var latencies: TimeChart {
        latency("Acknowledgement latency, 99th percentile", of: p99Us)
    }

    fileprivate var medians: TimeChart { latency("Acknowledgement latency, median", of: p50Us) }

    private func latency(_ title: String, of latencies: [[Int?]]) -> TimeChart {
        let series = zip(regions, latencies).map { region, values in
            TimeChart.Series(region, values.map { $0.map(Double.init) ?? .nan })
        }
        return TimeChart(
            title: title,
            subtitle:
                "until the answer, from when an attempt was due; without a schedule, from when it was sent; logarithmic",
            axis: axis,
            unit: .microseconds, form: .lines(.logarithmic), reduction: .highest, series: series)
    }

    fileprivate var backlogChart: TimeChart {
        let series = TimeChart.Series("Backlog", color: .total, values: backlog.map(Double.init))
        return TimeChart(
            title: "Backlog", subtitle: "attempts due, without a schedule sent, and not yet answered", axis: axis,
            unit: .count,
            form: .lines(.linear), reduction: .highest, series: [series])
    }

    fileprivate var rejections: TimeChart {
        func total(_ counts: [[Int]]) -> [Double] {
            (0..<intervalCount).map { interval in
                counts.reduce(0) { $0 + ($1.indices.contains(interval) ? Double($1[interval]) : 0) }
                    / max(stepSeconds, 1e-6)
            }
        }
        return TimeChart(
            title: "Duplicates and refusals", subtitle: "attempts a second answered so", axis: axis,
            unit: .perSecond, form: .lines(.linear),
            series: [
                .init("Duplicates", color: .total, values: total(duplicates)),
                .init("Refused", color: .alert, values: total(refused)),
            ])
    }
}
