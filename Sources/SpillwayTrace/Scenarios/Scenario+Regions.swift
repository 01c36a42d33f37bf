internal import SpillwayModel

/// The part of a scenario file that says who registers where.
extension Scenario {
    static func regions(_ top: ScenarioMapping) throws(ScenarioError) -> [RegionProfile] {
        let curves = try namedCurves(top)
        let platforms = try top.optional("platforms")?.weightedLabels()
        let sources = try top.optional("sources")?.weightedLabels()
        let weekdays = try top.optional("weekdays").map { node throws(ScenarioError) in try Self.weekdays(node) }
        let node = try top.required("regions")
        var regions: [RegionProfile] = []
        let names = Region.allCases.map(\.rawValue)
        for (name, value) in try node.mapping(allowed: names).entries {
            guard let region = Region(rawValue: name) else { continue }
            let fields = try value.mapping(allowed: [
                "share", "curve", "weekdays", "countries", "platforms", "sources",
            ])
            regions.append(
                RegionProfile(
                    region: region,
                    share: try fields.required("share").share(),
                    hourly: try fields.optional("curve").map { curve throws(ScenarioError) in
                        try hourly(curve, named: curves)
                    } ?? [Double](repeating: 1, count: 24),
                    weekdays: try fields.optional("weekdays").map { node throws(ScenarioError) in
                        try Self.weekdays(node)
                    } ?? weekdays ?? [Double](repeating: 1, count: 7),
                    countries: try countries(fields.optional("countries"), of: region),
                    platforms: try fields.optional("platforms")?.weightedLabels()
                        ?? platforms ?? [("unknown", 1)],
                    sources: try fields.optional("sources")?.weightedLabels()
                        ?? sources ?? [("organic", 1)],
                    line: value.line))
        }
        try node.checkSum(regions.map(\.share))
        return regions
    }

    private static func namedCurves(_ top: ScenarioMapping) throws(ScenarioError) -> [String: [Double]] {
        var curves: [String: [Double]] = [:]
        for (name, value) in try top.optional("curves")?.mapping(allowed: nil).entries ?? [] {
            curves[name] = try hourly(value, named: [:])
        }
        return curves
    }

    /// The name of a curve, or its 24 numbers.
    private static func hourly(
        _ node: ScenarioNode, named curves: [String: [Double]]
    ) throws(ScenarioError) -> [Double] {
        if node.isScalar, !curves.isEmpty {
            guard let curve = curves[try node.string()] else {
                let names = curves.keys.sorted().joined(separator: ", ")
                throw node.error(allowed: "the curves are \(names)")
            }
            return curve
        }
        return try numbers(node, 24, allowed: "24 positive numbers are wanted, one for each hour of the local day")
    }

    private static func weekdays(_ node: ScenarioNode) throws(ScenarioError) -> [Double] {
        try numbers(node, 7, allowed: "7 positive numbers are wanted, one for each day of the week from Monday")
    }

    private static func numbers(
        _ node: ScenarioNode, _ count: Int, allowed: String
    ) throws(ScenarioError) -> [Double] {
        var values: [Double] = []
        for element in try node.sequence(of: count...count, allowed: allowed) {
            values.append(try element.number(in: 0.001...1000))
        }
        return values
    }

    /// The countries that `node` names have the shares of the region that it says; what is left goes to the
    /// region's other countries, by population.
    static func countries(
        _ node: ScenarioNode?, of region: Region
    ) throws(ScenarioError) -> [(country: Country, weight: Double)] {
        var named: [(country: Country, weight: Double)] = []
        for (code, value) in try node?.mapping(allowed: nil).entries ?? [] {
            guard let country = Country(code) else {
                throw value.error("found '\(code)'; an ISO 3166-1 alpha-2 code such as BR is wanted")
            }
            guard country.region == region else {
                let home = country.region?.rawValue ?? ""
                throw value.error(
                    "found \(country.name), which belongs to \(home), not to \(region.rawValue)")
            }
            let share = try value.share()
            if share > 0, NumberPlan.of(country).capacity == 0 {
                throw value.error(
                    "found \(country.name), which has no telephone numbers; its share must be 0%")
            }
            named.append((country, share))
        }
        let left = 1 - named.reduce(0) { $0 + $1.weight }
        let others = Country.all.filter { country in
            country.region == region && NumberPlan.of(country).capacity > 0
                && !named.contains { $0.country == country }
        }
        let populations = others.map { Double(Demographics.of($0).populationThousands) }
        let population = populations.reduce(0, +)
        if left < -1e-6 || (left > 1e-6 && population == 0), let node {
            try node.checkSum(named.map(\.weight))
        }
        if left > 1e-6 {
            named += zip(others, populations).map { ($0, left * $1 / population) }
        }
        return named.filter { $0.weight > 0 }
    }
}
