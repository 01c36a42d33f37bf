internal import SpillwayModel

/// The part of a scenario file that says when people come.
extension Scenario {
    static func surges(
        _ top: ScenarioMapping, within span: Range<Timestamp>, regions: [RegionProfile]
    ) throws(ScenarioError) -> [Surge] {
        var surges: [Surge] = []
        let nodes =
            try top.optional("surges")?.sequence(of: 0...100, allowed: "a list of surges is wanted") ?? []
        for node in nodes { surges.append(try surge(node, within: span, regions: regions)) }
        return surges
    }

    private static func surge(
        _ node: ScenarioNode, within span: Range<Timestamp>, regions: [RegionProfile]
    ) throws(ScenarioError) -> Surge {
        let fields = try node.mapping(allowed: [
            "name", "onset", "rise", "plateau", "halfLife", "weight", "regions",
        ])
        let onsetNode = try fields.required("onset")
        let surge = Surge(
            onset: try onsetNode.timestamp(),
            riseUs: try fields.optional("rise")?.durationUs(in: 0...maximumDurationUs) ?? 0,
            plateauUs: try fields.optional("plateau")?.durationUs(in: 0...maximumDurationUs) ?? 0,
            halfLifeUs: try fields.optional("halfLife")?.durationUs(in: 0...maximumDurationUs) ?? 0,
            weight: try fields.optional("weight")?.number(in: 0.000_001...4_000_000_000) ?? 1,
            regions: try fields.optional("regions").map { node throws(ScenarioError) in
                try regionShares(node, regions)
            })
        let lastOnset = Timestamp(rawValue: span.upperBound.rawValue - Schedule.sliceUs)
        guard (span.lowerBound...lastOnset).contains(surge.onset) else {
            throw onsetNode.error(
                allowed: """
                    a time from \(span.lowerBound.rfc3339) to \(lastOnset.rfc3339), a minute before the end, is \
                    allowed
                    """)
        }
        guard surge.riseUs + surge.plateauUs + surge.halfLifeUs >= Schedule.sliceUs else {
            throw node.error("found less than 1m of rise, plateau and halfLife together; give it some time")
        }
        return surge
    }

    private static func regionShares(
        _ node: ScenarioNode, _ regions: [RegionProfile]
    ) throws(ScenarioError) -> [Surge.RegionShare] {
        var shares: [Surge.RegionShare] = []
        for (name, value) in try node.mapping(allowed: regions.map(\.region.rawValue)).entries {
            guard let region = Region(rawValue: name) else { continue }
            let fields = try value.mapping(allowed: ["share", "countries"])
            shares.append(
                Surge.RegionShare(
                    region: region, share: try fields.required("share").share(),
                    countries: try countries(fields.optional("countries"), of: region), line: value.line))
        }
        try node.checkSum(shares.map(\.share))
        return shares
    }

    static func outages(
        _ top: ScenarioMapping, within span: Range<Timestamp>
    ) throws(ScenarioError) -> [Outage] {
        var outages: [Outage] = []
        let nodes =
            try top.optional("outages")?.sequence(of: 0...100, allowed: "a list of outages is wanted") ?? []
        for node in nodes {
            let fields = try node.mapping(allowed: ["name", "from", "until", "trickle", "comeback", "halfLife"])
            let (from, until) = (try fields.required("from"), try fields.required("until"))
            let (start, end) = (try from.timestamp(), try until.timestamp())
            let earliest = outages.last?.range.upperBound ?? span.lowerBound
            guard start >= earliest, start < span.upperBound else {
                throw from.error(
                    allowed: "a time from \(earliest.rfc3339) on, before the scenario's end, is allowed")
            }
            let latest = Timestamp(rawValue: span.upperBound.rawValue - Schedule.sliceUs)
            guard end.rawValue >= start.rawValue + Schedule.sliceUs, end <= latest else {
                throw until.error(
                    allowed: """
                        a time a minute or more after \(start.rfc3339), up to \(latest.rfc3339), a minute before \
                        the scenario's end, is allowed
                        """)
            }
            outages.append(
                Outage(
                    range: start..<end, trickle: try fields.optional("trickle")?.share() ?? 0,
                    comeback: try fields.optional("comeback")?.share() ?? 1,
                    halfLifeUs: try fields.optional("halfLife")?.durationUs(in: 0...maximumDurationUs) ?? 0))
        }
        return outages
    }

    static func bursts(_ top: ScenarioMapping) throws(ScenarioError) -> Bursts? {
        guard let node = top.optional("bursts") else { return nil }
        let fields = try node.mapping(allowed: ["deviation", "span"])
        let deviationNode = try fields.required("deviation")
        let deviation = try deviationNode.share()
        guard deviation > 0 else { throw deviationNode.error(allowed: "more than 0% is allowed, up to 100%") }
        return Bursts(
            deviation: deviation,
            spanUs: try fields.optional("span")?.durationUs(in: 1_000_000...Timestamp.microsecondsPerDay)
                ?? 30_000_000)
    }
}
