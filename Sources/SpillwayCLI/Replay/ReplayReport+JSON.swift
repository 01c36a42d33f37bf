import SpillwayLatency
import SpillwayModel

extension ReplayReport {
    var json: JSON {
        let regionOutcomes = Region.allCases.map { region in
            JSON.Member(key: region.rawValue, value: outcomes(from: region))
        }
        let regions = Region.allCases.map { region in
            JSON.Member(key: region.rawValue, value: .integer(totals.accepted(from: region)))
        }
        var members = [
            JSON.Member(key: "trace", value: .string(trace)),
            JSON.Member(key: "attempts", value: .integer(totals.attempts)),
            JSON.Member(key: "accepted", value: .integer(totals.accepted)),
            JSON.Member(key: "duplicates", value: .integer(totals.duplicates)),
            JSON.Member(key: "refused", value: refused(totals.refused)),
            JSON.Member(key: "regions", value: .object(regions)),
            JSON.Member(key: "outcomes", value: .object(regionOutcomes)),
            JSON.Member(key: "latencyUs", value: latencies),
        ]
        if isScheduled {
            members.append(JSON.Member(key: "scheduleLatenessUs", value: figures(measures.lateness, [50, 99])))
        }
        if let stolenSeconds { members.append(JSON.Member(key: "stolenSeconds", value: .rounded(stolenSeconds))) }
        members += [
            JSON.Member(key: "backlog", value: ["peak": .integer(timeline.peakBacklog)]),
            JSON.Member(key: "interrupted", value: .bool(isInterrupted)),
            JSON.Member(key: "seconds", value: .rounded(seconds)),
            JSON.Member(key: "attemptsPerSecond", value: .rounded(attemptsPerSecond.rounded())),
            JSON.Member(key: "bytesOnDisk", value: .integer(bytesOnDisk)),
            JSON.Member(key: "bytesPerRegistration", value: .rounded(bytesPerRegistration)),
            JSON.Member(key: "durability", value: .string(durability.rawValue)),
            JSON.Member(key: "peakResidentBytes", value: .integer(peakResidentBytes)),
        ]
        if let rejected { members.append(JSON.Member(key: "rejected", value: rejected.json)) }
        return .object(members)
    }

    private func outcomes(from region: Region) -> JSON {
        [
            "accepted": .integer(totals.accepted(from: region)),
            "duplicates": .integer(totals.duplicates(from: region)),
            "refused": refused(totals.refused(from: region)),
        ]
    }

    private func refused(_ counts: [(reason: Refusal.Reason, count: Int)]) -> JSON {
        .object(counts.map { JSON.Member(key: "\($0.reason)", value: .integer($0.count)) })
    }

    /// Of all attempts, and of regions that any came from.
    private var latencies: JSON {
        let regions = Region.allCases.compactMap { region in
            let latency = measures.latency(of: region)
            return latency.isEmpty
                ? nil : JSON.Member(key: region.rawValue, value: figures(latency, [50, 99, 99.9]))
        }
        return ["all": figures(measures.latency, [50, 99, 99.9]), "regions": .object(regions)]
    }

    /// `p50`, `p99.9`, `max`, in microseconds.
    private func figures(_ latency: LatencyHistogram, _ percentiles: [Double]) -> JSON {
        let members = percentiles.map { percentile in
            let isWhole = percentile == percentile.rounded()
            return JSON.Member(
                key: isWhole ? "p\(Int(percentile))" : "p\(percentile)",
                value: .rounded(latency.us(atPercentile: percentile)))
        }
        return .object(members + [JSON.Member(key: "max", value: .rounded(latency.maxUs))])
    }
}
