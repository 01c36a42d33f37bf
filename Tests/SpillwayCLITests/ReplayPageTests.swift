import Foundation
import SpillwayModel
import Testing

@testable import SpillwayCLI

struct ReplayPageTests {
    /// Two seconds of a surge in two regions.
    private var input: ReplayPage.Input {
        ReplayPage.Input(
            title: "a <day>", subtitle: "replayed at 60x", facts: [("Store", "/tmp/a&b"), ("Speed", "60x")],
            start: Timestamp(rawValue: 1_633_305_600_000_000), stepSeconds: 0.5, regions: [.europe, .asia],
            offered: [[10, 20, 30, 0], [1000, 2000, 1000, 0]], accepted: [[9, 18, 30, 0], [900, 1900, 1000, 100]],
            duplicates: [[1, 1, 0, 0], [50, 0, 0, 0]], refused: [[0, 1, 0, 0], [0, 0, 0, 0]],
            p50Us: [[900, 1100, 1000, nil], [900, 1500, 1000, 800]],
            p99Us: [[9000, 11_000, nil, nil], [9000, 120_000, 10_000, 8000]], backlog: [100, 200, 50, 0])
    }

    @Test func itShowsTheCurvesAndTheFacts() {
        let html = ReplayPage.html(input)
        #expect(html.components(separatedBy: "<figure").count == 7)
        for text in [
            "a &lt;day&gt;", "/tmp/a&amp;b", "<td>3,900</td>\n<td>98.6 %</td>\n<td>50</td>\n<td>0</td>",
            "<td>57</td>\n<td>1.4 %</td>\n<td>2</td>\n<td>1</td>", "4.04 k/s at 00:00:00.5 UTC", "up to 120 ms",
            "up to 200",
        ] {
            #expect(html.contains(text), "\(text)")
        }
        #expect(html.contains("\"values\":[9000,11000,null,null]"))
    }

    @Test func nothingIsAPage() {
        let empty = ReplayPage.Input(
            title: "nothing", subtitle: "", facts: [], start: Timestamp(rawValue: .max), stepSeconds: 0,
            regions: Region.allCases, offered: [], accepted: [], duplicates: [], refused: [], p50Us: [], p99Us: [],
            backlog: [])
        #expect(ReplayPage.html(empty).hasSuffix("</html>\n"))
    }
}
