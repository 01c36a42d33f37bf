import Testing

@testable import SpillwayPlot

struct BarChartTests {
    private let parts = BarChart(
        title: "Registrations by region", subtitle: "4 k in all", unit: .count, total: 4000,
        groups: [
            .init("Latin America", bars: [.init(color: .category(2), value: 3000)]),
            .init("Asia", bars: [.init(color: .category(0), value: 999)]),
            .init("MENA", bars: [.init(color: .category(3), value: 1)]),
            .init("Oceania", bars: [.init(color: .category(6), value: 0)]),
        ])

    private let percentiles = BarChart(
        title: "Latency", subtitle: "", unit: .microseconds,
        groups: [
            .init(
                "Asia",
                bars: [
                    .init("p50", color: .category(0), value: 12_000),
                    .init("p99.9", color: .category(1), value: 96_000),
                ]),
            .init(
                "MENA",
                bars: [
                    .init("p50", color: .category(0), value: .nan), .init("p99.9", color: .category(1), value: 24_000),
                ]),
        ])

    @Test func barsHaveValuesAndShares() {
        #expect(
            parts.text(columns: 50, glyphs: .blocks) == """
                Registrations by region
                4 k in all
                Latin America │█████████████████████  3 k     75 %
                Asia          │███████                999     25 %
                MENA          │▏                        1  < 0.1 %
                Oceania       │                         0      0 %

                """)
    }

    @Test func groupsHaveABarForEachName() {
        #expect(
            percentiles.text(columns: 40, glyphs: .ascii) == """
                Latency
                Asia  p50   |###                   12 ms
                      p99.9 |####################  96 ms
                MENA  p50   |                          -
                      p99.9 |#####                 24 ms

                """)
    }

    @Test func wideNamesAreAligned() {
        let chart = BarChart(
            title: "", unit: .count,
            groups: [
                .init("微信", bars: [.init(color: .category(0), value: 2)]),
                .init("LINE · iOS", bars: [.init(color: .category(1), value: 1)]),
            ])
        #expect(chart.text(columns: 20, glyphs: .blocks) == "微信   │█████████  2\nLINE … │████▌      1\n")
        #expect(chart.text(columns: 20, glyphs: .ascii) == "????   |#########  2\nLINE ~ |#####      1\n")
    }

    @Test(arguments: [Glyphs.blocks, .ascii])
    func linesAreNoLongerThanAsked(glyphs: Glyphs) {
        for chart in [parts, percentiles] {
            for columns in 36...200 {
                let lines = chart.text(columns: columns, glyphs: glyphs).split(separator: "\n").dropFirst(2)
                #expect(lines.allSatisfy { $0.count <= columns }, "\(columns)")
            }
            for columns in -1..<36 { _ = chart.text(columns: columns, glyphs: glyphs) }
        }
    }

    @Test func everyBarIsDrawn() throws {
        let elements = try Elements(parts.svg())
        // The ground, and a bar for each value that is not nothing.
        #expect(elements.names["rect"] == 4)
        #expect(elements.text.contains("< 0.1 %") && elements.text.contains("Latin America 3 k 75 %"))
        let grouped = try Elements(percentiles.svg())
        #expect(grouped.text.contains("p99.9") && grouped.text.contains("Asia p50 12 ms, p99.9 96 ms"))
    }

    @Test func anythingCanBeDrawn() throws {
        for values in [[], [.nan], [0], [-1, .infinity], [1e300, .leastNonzeroMagnitude]] as [[Double]] {
            let chart = BarChart(
                title: Elements.hostile, subtitle: Elements.hostile, unit: .count, total: 0,
                groups: values.map {
                    .init(Elements.hostile, bars: [.init(Elements.hostile, color: .alert, value: $0)])
                })
            #expect(try Elements(chart.svg()).names["script"] == nil)
            let text = chart.text(columns: 80, glyphs: .blocks)
            #expect(!text.contains("\u{1b}") && text.hasSuffix("\n"))
        }
        #expect(parts.text(columns: 60, glyphs: .blocks, ink: .colors256).contains("\u{1b}[38;5;34m███"))
    }
}
