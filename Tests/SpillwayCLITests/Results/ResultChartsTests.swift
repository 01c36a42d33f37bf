import Foundation
import SpillwayModel
import SpillwayPlot
import Testing

@testable import SpillwayCLI

struct ResultChartsTests {
    private static let hourUs: Int64 = 3_600_000_000

    /// Counts by region and time, a row for each that is given.
    private func table(
        _ rows: [(region: String?, hour: Int, count: Int)], bucketUs: Int64 = hourUs
    ) -> ResultTable {
        let isGrouped = rows.contains { $0.region != nil }
        let times = rows.map { row -> Timestamp? in
            Timestamp(rawValue: ResultTable.afternoon.rawValue + Int64(row.hour) * bucketUs)
        }
        return ResultTable(
            (isGrouped
                ? [.init(key: "region", title: "Region", values: .labels(rows.map(\.region)), isKey: true)] : [])
                + [
                    .init(key: "registeredAt", title: "Time (UTC)", values: .instants(times), isKey: true),
                    .init(
                        key: "registrations", title: "Registrations", values: .counts(rows.map(\.count)),
                        isAdditive: true),
                ], rowCount: rows.count, bucketUs: bucketUs)
    }

    @Test func groupsAreBars() throws {
        let charts = try ResultCharts(.regions).charts
        let latencies = try #require(charts.first as? BarChart)
        #expect(charts.count == 2 && latencies.title == "Latency by region")
        #expect(latencies.groups.map(\.name) == ["Latin America", "Asia"])
        #expect(latencies.groups[1].bars.map(\.name) == ["p50", "p99.9"])
        #expect(latencies.groups[1].bars.map(\.value) == [12_345, 2_000_000])
        let counts = try #require(charts.last as? BarChart)
        #expect(counts.title == "Registrations by region" && counts.subtitle == "5,000 in all" && counts.total == 5000)
        #expect(counts.groups.map(\.bars[0].value) == [3750, 1250])
        #expect(counts.groups.map(\.bars[0].color) == [Region.latinAmerica.color, Region.asia.color])
    }

    @Test func smallGroupsGiveWay() throws {
        let chart = try #require(ResultCharts(.sources((1...100).map { "s\($0)" })).charts.first as? BarChart)
        #expect(chart.groups.count == 30)
        #expect(chart.subtitle == "100 in all; the 30 largest of 100 groups" && chart.total == 100)
        let groups = ResultGroups(
            of: .sources((1...9).map { "s\($0)" }), weights: [1, 2, 3, 4, 5, 6, 7, 8, 9], limit: 3)
        #expect(groups.groups.map(\.name) == ["s9", "s8", "7 others"] && groups.groups[2].rows == Array(0...6))
    }

    @Test func timesAreCurvesWithoutGaps() throws {
        let charts = try ResultCharts(
            table([("Asia", 0, 5), ("Asia", 3, 7), ("MENA", 1, 1)], bucketUs: 1_000_000)
        ).charts
        let curve = try #require(charts.first as? TimeChart)
        #expect(charts.count == 1 && curve.form == .stackedAreas)
        #expect(curve.title == "Registrations by region" && curve.subtitle == "in every second, 13 in all")
        #expect(curve.axis == TimeAxis(startUs: ResultTable.afternoon.rawValue, stepUs: 1_000_000, count: 4))
        #expect(curve.series.map(\.name) == ["Asia", "MENA"])
        #expect(curve.series.map(\.values) == [[5, 0, 0, 7], [0, 1, 0, 0]])
    }

    @Test func hoursAreAHeatMapToo() throws {
        let charts = try ResultCharts(table([("Asia", 0, 5), ("Asia", 24, 2), ("MENA", 1, 1)])).charts
        let map = try #require(charts.last as? HeatMap)
        #expect(charts.count == 2 && map.title == "Registrations by region and hour")
        #expect(map.subtitle == "in each hour of the day, UTC, all days together")
        #expect(map.rows[0].values[15] == 7 && map.rows[1].values[16] == 1 && map.rows[1].values[14] == 0)

        let short = try #require(ResultCharts(table([("Asia", 0, 5), ("Asia", 2, 2)])).charts.last as? HeatMap)
        #expect(short.rows[0].values[15...17] == [5, 0, 2] && short.rows[0].values[14].isNaN)
    }

    @Test func daysOfOneGroupAreRows() throws {
        let charts = try ResultCharts(table([(nil, 0, 5), (nil, 33, 2)])).charts
        let map = try #require(charts.first as? HeatMap)
        #expect(charts.count == 2 && charts.last is TimeChart && map.title == "Registrations by day and hour")
        #expect(map.rows.map(\.name) == ["2021-10-04", "2021-10-05", "2021-10-06"])
        #expect(map.rows[0].values[15] == 5 && map.rows[0].values[14].isNaN && map.rows[0].values[16] == 0)
        #expect(map.rows[2].values[0] == 2 && map.rows[2].values[1].isNaN)
        #expect(try ResultCharts(table([(nil, 0, 5), (nil, 8, 2)])).charts.count == 1)
    }

    @Test func whatCannotBeDrawnIsSaid() {
        let one = ResultTable(
            [.init(key: "registrations", title: "Registrations", values: .counts([42]), isAdditive: true)], rowCount: 1)
        #expect(throws: UsageError.self) { try ResultCharts(one) }
        #expect(throws: UsageError.self) { try ResultCharts(table([(nil, 0, 1), (nil, 1_000_000, 1)])) }
        #expect(throws: UsageError.self) { try ResultCharts(extremes) }
    }

    private var extremes: ResultTable {
        ResultTable(
            [
                .init(
                    key: "registeredAt", title: "Time",
                    values: .instants([Timestamp(rawValue: .min), Timestamp(rawValue: .max)]), isKey: true)
            ], rowCount: 2, bucketUs: 1)
    }

    @Test func noTimeIsTooFar() throws {
        for (first, bucketUs) in [(Int64.min, 3_600_000_000), (.min, .max), (.max - 3, 1)] as [(Int64, Int64)] {
            let times = [0, 1].map { Timestamp(rawValue: first &+ $0 * bucketUs) as Timestamp? }
            let table = ResultTable(
                [
                    .init(key: "registeredAt", title: "Time", values: .instants(times), isKey: true),
                    .init(key: "registrations", title: "Registrations", values: .counts([1, 2]), isAdditive: true),
                ], rowCount: 2, bucketUs: bucketUs)
            #expect(try Screen.file.drawn(ResultCharts(table).charts).contains("3 in all"))
            #expect(try table.page(from: "day").html().contains("</svg>"))
        }
    }

    @Test func nothingIsDrawnAsNothing() throws {
        for empty in [table([]), .sources([])] {
            let charts = try ResultCharts(empty).charts
            #expect(Screen.file.drawn(charts).hasSuffix("nothing to show\n"))
            #expect(try empty.page(from: "day").html().contains("<svg"))
        }
    }

    @Test func pagesHoldTheRows() throws {
        let html = try ResultTable.regions.page(from: "day").html()
        #expect(html.contains("<th scope=\"row\" class=\"key\">Latin America") && html.contains("2,000.0 ms"))
        #expect(html.components(separatedBy: "<figure").count == 3)
        let long = try ResultTable.sources((1...1500).map(String.init)).page(from: "day")
        #expect(long.details.first?.caption == "The first 1000 of 1,500 rows" && long.details.first?.rows.count == 1001)
    }
}
