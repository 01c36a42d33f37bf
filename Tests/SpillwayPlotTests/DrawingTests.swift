import Foundation
import Testing

@testable import SpillwayPlot

struct DrawingTests {
    @Test(arguments: [.stackedAreas, .lines(.linear), .lines(.logarithmic)] as [TimeChart.Form])
    func everyDrawingIsWellFormed(form: TimeChart.Form) throws {
        for count in [0, 1, 24, 3000] {
            var chart = TimeChart.day(title: Elements.hostile, form: form)
            chart.axis = TimeAxis(startUs: TimeChart.midnightUs, stepUs: 60_000_000, count: count)
            chart.series[0].values = [.infinity, .nan, -1, 0, 1e300]
            let elements = try Elements(chart.svg())
            #expect(elements.names["script"] == nil)
            #expect(elements.text.contains("<script>alert"))
            #expect(elements.names["title"] == 1 && elements.names["desc"] == 1)
        }
    }

    @Test func thePeakAndTheSharesAreSaid() throws {
        let text = try Elements(TimeChart.day().svg()).text
        #expect(text.contains("1.11 k/s at 16:00 UTC"))
        #expect(text.contains("Asia 25 %, Latin America 75 %"))
    }

    @Test func neighbouringStepsAreDrawnAsOne() {
        var chart = TimeChart.day()
        chart.series[0].values = [1, 3, .nan, 8, .nan, .nan, 4]
        let mean = chart.reduced(to: 12)
        #expect(mean.axis == TimeAxis(startUs: TimeChart.midnightUs, stepUs: 7_200_000_000, count: 12))
        #expect(mean.subtitle == "attempts a second; each point the mean of 2 h")
        #expect(mean.series[0].values.prefix(4).map { $0.isNaN ? -1 : $0 } == [2, 8, -1, 4])
        chart.reduction = .highest
        #expect(chart.reduced(to: 12).series[0].values.first == 3)
        #expect(chart.reduced(to: 24).subtitle == "attempts a second")
    }

    @Test func pathsDoNotDrift() {
        var path = PathData()
        path.move(to: 0.04, 0)
        for step in 1...1000 { path.line(to: Double(step) * 0.04, 0) }
        let steps = path.text.split(separator: "l").dropFirst().map { Double($0.split(separator: " ")[0]) ?? .nan }
        #expect(abs(steps.reduce(0, +) - 40) < 1e-9)
        path.close()
        path.line(to: 1, -1.5)
        #expect(path.text.hasSuffix("zl1-1.5"))
    }

    @Test func aPageHoldsAllAndAsksForNothing() throws {
        let page = Page(
            title: Elements.hostile, subtitle: Elements.hostile,
            tables: [
                Page.Table(Elements.hostile, facts: [(Elements.hostile, Elements.hostile)]),
                Page.Table(Elements.hostile, columns: [Elements.hostile], rows: [[Elements.hostile], []]),
            ],
            charts: [
                TimeChart.day(title: Elements.hostile), TimeChart.day(form: .lines(.logarithmic)),
                BarChart(title: Elements.hostile, unit: .count, groups: []),
            ],
            details: [Page.Table(Elements.hostile, columns: ["a", "b"], keyCount: 2, rows: [["1", "2"]])])
        let html = page.html()
        #expect(html.components(separatedBy: "<script").count == 4)
        #expect(!html.contains("<script>alert"))
        #expect(html.components(separatedBy: "<figure").count == 4)
        for outside in ["src=", "href=", "url(", "@import", "https:"] { #expect(!html.contains(outside)) }
    }

    @Test func theReadOutIsJSON() throws {
        var chart = TimeChart.day()
        chart.series[1].name = "\"</script>\\\n"
        chart.series[1].values[3] = .nan
        chart.series[1].values[4] = 0.123456
        chart.series[1].values[5] = 1_234_567
        let text = TimeChartDrawing(chart).readOut
        #expect(!text.contains("<"))
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let series = try #require(object?["series"] as? [[String: Any]])
        #expect(series.map { $0["name"] as? String } == ["Asia", "\"</script>\\\n"])
        let values = try #require(series[1]["values"] as? [Any])
        #expect(values[3] is NSNull)
        #expect(values[4] as? Double == 0.1235 && values[5] as? Double == 1_235_000)
        #expect(object?["startMs"] as? Double == 1_633_305_600_000)
    }
}
