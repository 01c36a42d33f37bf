import Foundation
import SpillwayConsole
import Testing

@testable import SpillwayCLI

struct ResultFormatTests {
    @Test func tablesHaveSharesBarsAndATotal() {
        #expect(
            ResultTable.regions.text == """
                Region         Registrations    Share                                p50       p99.9
                ────────────────────────────────────────────────────────────────────────────────────
                Asia                   1,250   25.0 %  ████████                  12.3 ms  2,000.0 ms
                Latin America          3,750   75.0 %  ████████████████████████
                ────────────────────────────────────────────────────────────────────────────────────
                Total                  5,000  100.0 %

                """)
    }

    @Test func everyKindIsSpelledForPeople() {
        let lines = ResultTable.kinds.text.split(separator: "\n")
        #expect(
            lines[2].split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) } == [
                "invite", "2021-10-04 15:00", "9,223,372,036,854,775,807", "100.0 %", String(repeating: "█", count: 24),
                "1969-12-31 23:59:59.999750", "-7", "25.0 %", "-1.50",
            ])
        #expect(lines[3].trimmingCharacters(in: .whitespaces) == "2021-10-04 15:00")
    }

    @Test func csvIsAsRFC4180HasIt() {
        #expect(
            ResultTable.regions.csv
                == "region,registrations,latencyUs.p50,latencyUs.p99.9\r\nAsia,1250,12345,2000000\r\n"
                + "Latin America,3750,,\r\n")
        #expect(
            ResultTable.kinds.csv
                == "source,registeredAt,registrations,peak.at,peak.count,share,growth\r\n"
                + "invite,2021-10-04T15:00:00Z,9223372036854775807,1969-12-31T23:59:59.999750Z,-7,0.25,-1.5\r\n"
                + ",2021-10-04T15:00:00Z,,,,,\r\n")
        #expect(
            ResultTable.sources(["a,b", "say \"hi\"", "two\nlines", "two\r\nlines", "plain | and ünï"]).csv
                == "source,registrations\r\n\"a,b\",1\r\n\"say \"\"hi\"\"\",1\r\n\"two\nlines\",1\r\n"
                + "\"two\r\nlines\",1\r\nplain | and ünï,1\r\n")
        let lone = ResultTable([.init(key: "first", title: "First", values: .instants([nil]))], rowCount: 1)
        #expect(lone.csv == "first\r\n\"\"\r\n")
    }

    @Test func jsonLeavesOutWhatIsMissing() {
        let rows = [
            #"{"region":"Asia","registrations":1250,"latencyUs":{"p50":12345,"p99.9":2000000}}"#,
            #"{"region":"Latin America","registrations":3750,"latencyUs":{}}"#,
        ]
        #expect(ResultTable.regions.ndjson == rows.map { $0 + "\n" }.joined())
        #expect(ResultTable.regions.json.rendered() == "[\n  \(rows[0]),\n  \(rows[1])\n]\n")
        #expect(
            ResultTable.kinds.ndjson == """
                {"source":"invite","registeredAt":"2021-10-04T15:00:00Z","registrations":9223372036854775807,\
                "peak":{"at":"1969-12-31T23:59:59.999750Z","count":-7},"share":0.25,"growth":-1.5}
                {"registeredAt":"2021-10-04T15:00:00Z","peak":{}}

                """)
    }

    @Test func markdownIsAligned() {
        #expect(
            ResultTable.regions.markdown == """
                | Region        | Registrations |     p50 |      p99.9 |
                | ------------- | ------------: | ------: | ---------: |
                | Asia          |         1,250 | 12.3 ms | 2,000.0 ms |
                | Latin America |         3,750 |         |            |
                | **Total**     |     **5,000** |         |            |

                """)
    }

    @Test func markdownCellsStayCells() {
        #expect(
            ResultTable.sources(["a|b", "*x*\n", "微信", "<b>"]).markdown == """
                | Source    | Registrations |
                | --------- | ------------: |
                | a\\|b      |             1 |
                | \\*x\\*\u{fffd}    |             1 |
                | 微信      |             1 |
                | \\<b>      |             1 |
                | **Total** |         **4** |

                """)
    }

    @Test func wideCharactersTakeTwoColumns() {
        #expect(
            ["abc", "é", "e\u{301}", "微信", "한국", "🎉", "❤️", "\u{200b}"].map(\.terminalColumns) == [
                3, 1, 1, 4, 4, 2, 2, 0,
            ])
        let lines = ResultTable.sources(["微信", "ad\u{1b}[2J"]).text.split(separator: "\n")
        #expect(lines[2].hasPrefix("微信                1   50.0 %  ██"))
        #expect(lines[3].hasPrefix("ad\u{fffd}[2J              1   50.0 %  ██"))
        #expect(
            "Latin America".clipped(to: 6) == "Latin…" && "微信".clipped(to: 3) == "微…" && "ab".clipped(to: 2) == "ab")
    }

    @Test func nothingIsSaidInEveryForm() {
        let none = ResultTable.sources([])
        #expect(none.csv == "source,registrations\r\n" && none.ndjson.isEmpty && none.json.rendered() == "[]\n")
        #expect(none.text.hasSuffix("Total               0  0.0 %\n"))
        #expect(none.markdown.hasSuffix("| **Total** |         **0** |\n"))
    }

    @Test func oneRowWithoutAGroupHasNoTotal() {
        let one = ResultTable(
            [.init(key: "registrations", title: "Registrations", values: .counts([42]), isAdditive: true)], rowCount: 1)
        #expect(one.text.split(separator: "\n").count == 3 && one.csv == "registrations\r\n42\r\n")
        #expect(one.markdown == "| Registrations |\n| ------------: |\n|            42 |\n")
    }

    @Test func totalsDoNotOverflow() {
        let column = ResultTable.Column(key: "n", title: "N", values: .counts([.max, 1]), isAdditive: true)
        #expect(column.total == nil)
        _ = ResultTable([column], rowCount: 2).text
    }

    @Test func filesNameTheirForm() {
        #expect(
            ["a.csv", "a.JSON", "b.jsonl", "x/y.md", "a.arrows", "a.b", "csv", ""].map(ResultFormat.init(fileName:))
                == [
                    .csv, .json, .ndjson, .markdown, .arrow, nil, nil, nil,
                ])
    }
}
