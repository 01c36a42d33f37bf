import SpillwayConsole
import SpillwayLatency
import SpillwayModel
import SpillwayPlatform

extension ReplayReport {
    /// What the report's page shows.
    ///
    /// - Parameter pace: How fast the trace's clock ran.
    func page(store: String, pace: String) -> ReplayPage.Input {
        ReplayPage.Input(
            title: trace, subtitle: "Replayed into \(store), \(pace)\(isInterrupted ? "; interrupted" : "")",
            facts: facts(pace: pace), start: timeline.startedAt, stepSeconds: timeline.intervalSeconds,
            regions: Region.allCases, offered: byRegion(\.offered), accepted: byRegion(\.accepted),
            duplicates: byRegion(\.duplicates), refused: byRegion(\.refused),
            p50Us: byRegion(\.regionP50Us).map { $0.map { $0.map { Int($0) } } },
            p99Us: byRegion(\.regionP99Us).map { $0.map { $0.map { Int($0) } } },
            backlog: timeline.intervals.map(\.backlog))
    }

    /// By region, then by interval.
    private func byRegion<Value>(_ values: KeyPath<ReplayTimeline.Interval, [Value]>) -> [[Value]] {
        Region.allCases.indices.map { region in timeline.intervals.map { $0[keyPath: values][region] } }
    }

    private func facts(pace: String) -> [(name: String, text: String)] {
        let latency = measures.latency
        var facts = [
            (
                name: "Attempts",
                text: "\(Figures.grouped(totals.attempts)) in \(Figures.duration(seconds: seconds)), "
                    + "\(Figures.short(attemptsPerSecond))/s"
            ),
            ("Accepted", Figures.grouped(totals.accepted)), ("Duplicates", Figures.grouped(totals.duplicates)),
        ]
        for (reason, count) in totals.refused {
            facts.append(("Refused", "\(Figures.grouped(count)): \(Refusal(reason))"))
        }
        facts += [
            ("Pace", pace), ("Answered after", percentiles(latency, [50, 99, 99.9])),
        ]
        if isScheduled { facts.append(("Sender late by", percentiles(measures.lateness, [50, 99]))) }
        if let stolen { facts.append(("Stolen", stolen)) }
        facts += [
            ("Backlog", "\(Figures.grouped(timeline.peakBacklog)) attempts unanswered at most"),
            (
                "On disk",
                "\(Figures.bytes(bytesOnDisk)), \(Figures.decimal(bytesPerRegistration, places: 2)) bytes a registration"
            ),
            ("Durability", durability.rawValue), ("Peak memory", Figures.bytes(peakResidentBytes)),
            ("Processors", "\(Process.processorCount)"),
        ]
        return facts
    }

    private func percentiles(_ latency: LatencyHistogram, _ percentiles: [Double]) -> String {
        let parts = percentiles.map { percentile in
            let name = percentile == percentile.rounded() ? "\(Int(percentile))" : "\(percentile)"
            return "p\(name) \(Figures.latency(us: latency.us(atPercentile: percentile)))"
        }
        return (parts + ["max \(Figures.latency(us: latency.maxUs))"]).joined(separator: ", ")
    }
}
