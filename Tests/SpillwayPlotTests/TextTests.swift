import Testing

@testable import SpillwayPlot

struct TextTests {
    @Test func areasHaveATotalAndARowEach() {
        #expect(
            TimeChart.day().text(columns: 60, glyphs: .blocks) == """
                A day
                attempts a second
                      1.5 k/s ┤
                              │
                              │                    ▂▇▂▂
                        1 k/s ┤                   ▅████▅
                              │                ▂▇▇██████▇▂▂
                        500/s ┤               ▅████████████▅
                              │            ▂▇▇██████████████▇▂
                          0/s ┤▅▅▅▅▅▅▅▅▅▅▅▅███████████████████   peak  share
                Latin America │            ▁▂▂▃▄▅▅▆▇█▇▇▆▅▄▄▃▂▁  1 k/s   75 %
                Asia          │███████████████████████████████  111/s   25 %
                              └┬──────────────┬───────────────
                               00:00          12:00             UTC
                               4 Oct 2021

                """)
    }

    @Test func withoutUTF8ThereIsASCII() {
        let text = TimeChart.day().text(columns: 50, glyphs: Glyphs(locale: "C"))
        #expect(text.utf8.allSatisfy { $0 == 10 || (0x20..<0x7f).contains($0) })
        #expect(text.contains("Latin America |"))
    }

    @Test func theLocaleSaysWhatCanBeShown() {
        for name in ["C.UTF-8", "de_DE.utf8", "en_GB.UTF-8"] { #expect(Glyphs(locale: name) == .blocks) }
        for name in ["", "C", "POSIX", "de_DE.ISO-8859-1"] { #expect(Glyphs(locale: name) == .ascii) }
    }

    @Test(arguments: [.stackedAreas, .lines(.logarithmic)] as [TimeChart.Form])
    func linesAreNoLongerThanAsked(form: TimeChart.Form) {
        let chart = TimeChart.day(title: "", form: form)
        for columns in 20...200 {
            let lines = chart.text(columns: columns, glyphs: .blocks).split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= columns }, "\(columns)")
        }
        for columns in -1..<20 { _ = chart.text(columns: columns, glyphs: .blocks) }
    }

    @Test func nothingAndControlCharactersAreSaid() {
        var chart = TimeChart.day(title: "a\u{1b}[2Jb")
        chart.axis = TimeAxis(startUs: 0, stepUs: 1, count: 0)
        chart.series = []
        #expect(chart.text(columns: 80, glyphs: .blocks) == "a\u{fffd}[2Jb\nattempts a second\nnothing to show\n")
    }
}
