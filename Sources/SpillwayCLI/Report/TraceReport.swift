import SpillwayConsole
import SpillwayModel
import SpillwayPlot
import SpillwayTrace

/// What a trace holds, for people and for scripts.
struct TraceReport {
    private let name: String
    /// What happened, if the trace says so.
    private let story: String
    private let description: TraceDescription
    /// Nil where no row can be left out.
    let rejected: RejectedRowsReport?

    init(_ description: TraceDescription, of trace: any Trace) {
        self.description = description
        name = trace.name
        rejected = RejectedRowsReport(trace)
        story = (trace as? ScenarioTrace)?.scenario.story ?? ""
    }

    var json: JSON {
        func time(_ time: Timestamp?) -> JSON { time.map { .string($0.rfc3339) } ?? .null }
        let regions = Region.allCases.map { region in
            JSON.Member(key: region.rawValue, value: .integer(description.regions[region] ?? 0))
        }
        let members: [(key: String, value: JSON)] = [
            ("trace", .string(name)), ("attempts", .integer(description.attempts)),
            ("registrations", .integer(description.registrations)), ("retries", .integer(description.retries)),
            ("attemptsPerRegistration", .rounded(description.attemptsPerRegistration)),
            ("invalid", .integer(description.invalid)), ("peakPerSecond", .integer(description.peakPerSecond)),
            ("peakSecondAt", time(description.peakSecondAt)), ("peakPerMinute", .integer(description.peakPerMinute)),
            ("peakMinuteAt", time(description.peakMinuteAt)), ("firstArrival", time(description.first)),
            ("lastArrival", time(description.last)), ("regions", .object(regions)),
        ]
        let rejected = rejected.map { [(key: "rejected", value: $0.json)] } ?? []
        return .object((members + rejected).map { JSON.Member(key: $0.key, value: $0.value) })
    }

    /// With the curves in as many columns.
    func table(columns: Int, glyphs: Glyphs) -> String {
        var regions = RegionTable()
        for region in Region.allCases { regions.append(region, registrations: registrations(of: region)) }
        let chart = TraceCharts(description, name: name).stacked
        return "\(regions.rendered())\n\(Facts.rendered(facts))\n\(chart.text(columns: columns, glyphs: glyphs))"
    }

    var page: Page {
        let charts = TraceCharts(description, name: name)
        let regions = Region.allCases.sorted { registrations(of: $0) > registrations(of: $1) }.map { region in
            let count = registrations(of: region)
            let share = Figures.percent(count, of: description.registrations)
            return [region.rawValue, Figures.grouped(count), share]
        }
        return Page(
            title: name, subtitle: story,
            tables: [
                Page.Table("Trace", facts: Array(facts.dropFirst())),
                Page.Table("By region", columns: ["", "Registrations", "Share"], rows: regions),
            ],
            charts: [charts.stacked, charts.logarithmic])
    }

    private func registrations(of region: Region) -> Int { description.regions[region] ?? 0 }

    private var facts: [(name: String, text: String)] {
        let retries = description.retries
        var facts = [
            (name: "Trace", text: name),
            (
                "Attempts",
                "\(Figures.grouped(description.attempts)), of which retries "
                    + "\(Figures.grouped(retries)), \(Figures.percent(retries, of: description.attempts)); "
                    + "\(Figures.decimal(description.attemptsPerRegistration, places: 2)) a registration"
            ),
        ]
        if description.invalid > 0 {
            facts.append(("Invalid", "\(Figures.grouped(description.invalid)) that no engine takes"))
        }
        if let first = description.first, let last = description.last {
            facts.append(("Time", "\(first.rfc3339) to \(last.rfc3339)"))
        }
        if let second = description.peakSecondAt, let minute = description.peakMinuteAt {
            facts += [
                ("Peak second", "\(Figures.grouped(description.peakPerSecond)) attempts at \(second.rfc3339)"),
                ("Peak minute", "\(Figures.grouped(description.peakPerMinute)) attempts at \(minute.rfc3339)"),
            ]
        }
        let countries = description.profile.busiestCountries(5).map { country, attempts in
            "\(country.name) \(Figures.percent(attempts, of: description.attempts))"
        }
        if !countries.isEmpty { facts.append(("Countries", countries.joined(separator: ", "))) }
        return facts
    }
}
