import SpillwayConsole
import SpillwayModel
import SpillwayPlot
import SpillwayTrace

/// Charts of when the attempts of a trace arrive.
struct TraceCharts {
    private let name: String
    private let description: TraceDescription

    init(_ description: TraceDescription, name: String) {
        self.name = name
        self.description = description
    }

    /// All regions, one on top of the other.
    var stacked: TimeChart {
        let attempts = Figures.grouped(description.attempts)
        let registrations = Figures.grouped(description.registrations)
        return chart(
            "\(name): attempts a second, by region", "\(attempts) attempts of \(registrations) registrations",
            .stackedAreas)
    }

    /// What the small regions do beside the large ones.
    var logarithmic: TimeChart {
        chart("Each region by itself", "attempts a second, logarithmic", .lines(.logarithmic))
    }

    private func chart(_ title: String, _ subtitle: String, _ form: TimeChart.Form) -> TimeChart {
        let profile = description.profile
        let seconds = Double(profile.bucketUs) / 1e6
        func rates(_ region: Region?) -> [Double] {
            profile.attempts(from: region).prefix(bucketCount).map { Double($0) / seconds }
        }
        var series = Region.allCases.map { TimeChart.Series($0, rates($0)) }
        let unknown = rates(nil)
        if unknown.contains(where: { $0 > 0 }) {
            series.append(TimeChart.Series("Unknown country", color: .alert, values: unknown))
        }
        return TimeChart(
            title: title, subtitle: subtitle,
            axis: TimeAxis(
                startUs: profile.start.rawValue, stepUs: profile.bucketUs, count: bucketCount),
            unit: .perSecond, form: form, series: series)
    }

    /// Without a last bucket that the trace ends in the first half of: its mean would be drawn as a fall.
    private var bucketCount: Int {
        let profile = description.profile
        guard profile.bucketCount > 20, let last = description.last else { return profile.bucketCount }
        let sinceBucketUs = last.rawValue.flooredDivision(by: profile.bucketUs).remainder
        return sinceBucketUs < profile.bucketUs / 2 ? profile.bucketCount - 1 : profile.bucketCount
    }
}
