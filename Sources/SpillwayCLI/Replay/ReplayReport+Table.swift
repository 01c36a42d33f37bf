import SpillwayConsole
import SpillwayLatency
import SpillwayModel

extension ReplayReport {
    var table: String {
        let parts = totals.attempts > 0 ? [registrations, latencies, summary] : [registrations, summary]
        return parts.joined(separator: "\n")
    }

    private var registrations: String {
        var table = RegionTable()
        for region in Region.allCases {
            table.append(
                region, registrations: totals.accepted(from: region),
                duplicates: totals.duplicates(from: region))
        }
        return table.rendered(duplicates: totals.duplicates)
    }

    /// How long answers took, and what was refused.
    private var latencies: String {
        let reasons = totals.refused.map(\.reason)
        var table = Table(
            [.text("Answered after"), .number("p50"), .number("p99"), .number("p99.9"), .number("max")]
                + reasons.map { .number("\($0)") })
        for region in Region.allCases {
            let latency = measures.latency(of: region)
            guard !latency.isEmpty else { continue }
            let counts = Dictionary(uniqueKeysWithValues: totals.refused(from: region).map { ($0.reason, $0.count) })
            table.append([region.rawValue] + Self.cells(latency) + reasons.map { Figures.grouped(counts[$0] ?? 0) })
        }
        table.setTotal(
            ["All"] + Self.cells(measures.latency) + totals.refused.map { Figures.grouped($0.count) })
        return table.rendered()
    }

    private static func cells(_ latency: LatencyHistogram) -> [String] {
        [50, 99, 99.9].map { Figures.latency(us: latency.us(atPercentile: $0)) } + [Figures.latency(us: latency.maxUs)]
    }

    private var summary: String {
        let rate = "\(Figures.short(attemptsPerSecond))/s"
        var facts = [
            (
                "Attempts",
                "\(Figures.grouped(totals.attempts)) in \(Figures.duration(seconds: seconds)), \(rate)"
                    + (isInterrupted ? "; interrupted, --resume goes on" : "")
            )
        ]
        for (reason, count) in totals.refused {
            facts.append(("Refused", "\(Figures.grouped(count)): \(Refusal(reason))"))
        }
        if isScheduled { facts.append(("Schedule", schedule)) }
        if let stolen { facts.append(("Stolen", stolen)) }
        facts += [
            ("Backlog", "\(Figures.grouped(timeline.peakBacklog)) attempts unanswered at most"),
            (
                "On disk",
                "\(Figures.bytes(bytesOnDisk)), "
                    + "\(Figures.decimal(bytesPerRegistration, places: 2)) bytes a registration"
            ),
            ("Durability", "\(durability.rawValue): \(durability.promise)"),
            ("Peak memory", Figures.bytes(peakResidentBytes)),
        ]
        return Facts.rendered(facts)
    }

    /// Nil where nothing was.
    var stolen: String? {
        guard let stolenSeconds, stolenSeconds > 0 else { return nil }
        return "\(Figures.duration(seconds: stolenSeconds)) of processor time went to others on this machine's host"
    }

    private var schedule: String {
        let lateness = measures.lateness
        let (p50, p99) = (lateness.us(atPercentile: 50), lateness.us(atPercentile: 99))
        return
            "p50 \(Figures.latency(us: p50)), p99 \(Figures.latency(us: p99)), max \(Figures.latency(us: lateness.maxUs)) late, "
            + "of which up to \(Figures.latency(us: Double(Pace.grainNs) / 1e3)) are the grain"
    }
}

extension Durability {
    fileprivate var promise: String {
        switch self {
        case .synced: "what was acknowledged survives power loss"
        case .written: "what was acknowledged survives a crash of the process, not of the system"
        case .memory: "what was acknowledged may be lost if the process dies before it is written"
        }
    }
}
