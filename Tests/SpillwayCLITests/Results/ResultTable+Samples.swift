import SpillwayModel

@testable import SpillwayCLI

extension ResultTable {
    /// 4 October 2021, 15:00 UTC.
    static let afternoon = Timestamp(rawValue: 1_633_359_600_000_000)

    /// Two regions, one with latencies.
    static let regions = ResultTable(
        [
            Column(key: "region", title: "Region", values: .labels(["Asia", "Latin America"]), isKey: true),
            Column(key: "registrations", title: "Registrations", values: .counts([1_250, 3_750]), isAdditive: true),
            Column(key: "latencyUs.p50", title: "p50", values: .durationsUs([12_345, nil])),
            Column(key: "latencyUs.p99.9", title: "p99.9", values: .durationsUs([2_000_000, nil])),
        ], rowCount: 2)

    /// A value of every kind, of one group and hour; and nothing but the hour of another.
    static let kinds = ResultTable(
        [
            Column(key: "source", title: "Source", values: .labels(["invite", nil]), isKey: true),
            Column(key: "registeredAt", title: "Time (UTC)", values: .instants([afternoon, afternoon]), isKey: true),
            Column(key: "registrations", title: "Registrations", values: .counts([.max, nil]), isAdditive: true),
            Column(key: "peak.at", title: "Peak at", values: .instants([Timestamp(rawValue: -250), nil])),
            Column(key: "peak.count", title: "Peak", values: .counts([-7, nil])),
            Column(key: "share", title: "Share of all", values: .shares([0.25, .nan])),
            Column(key: "growth", title: "Growth", values: .ratios([-1.5, nil])),
        ], rowCount: 2, bucketUs: 3_600_000_000)

    /// Sources with names that each form has to write in its own way.
    static func sources(_ names: [String]) -> ResultTable {
        ResultTable(
            [
                Column(key: "source", title: "Source", values: .labels(names), isKey: true),
                Column(
                    key: "registrations", title: "Registrations", values: .counts(names.map { _ in 1 }),
                    isAdditive: true),
            ], rowCount: names.count)
    }
}
