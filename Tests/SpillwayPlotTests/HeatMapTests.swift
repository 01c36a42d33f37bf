import Testing

@testable import SpillwayPlot

struct HeatMapTests {
    private let map = HeatMap(
        title: "Registrations by region and hour", subtitle: "UTC", unit: .count,
        columns: (0..<24).map { $0 < 10 ? "0\($0)" : "\($0)" },
        rows: [
            .init("Latin America", values: (0..<24).map { Double(max(0, 1000 - 125 * abs($0 - 16))) }),
            .init("Asia", values: [.nan, 1, 500, 1000]),
        ])

    @Test func cellsAreTheDarkerTheMore() {
        #expect(
            map.text(columns: 100, glyphs: .blocks) == """
                Registrations by region and hour
                UTC
                               00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23   total
                Latin America │                           ▒▒▒▒▒▒▓▓▓▓▓▓█████████████████████▓▓▓▓▓▓▒▒▒▒▒▒    8 k
                Asia          │   ░░░▓▓▓███                                                              1.5 k

                               up to ░░░ 62.5  ▒▒▒ 250  ▓▓▓ 563  ███ 1 k

                """)
    }

    @Test func namesOfColumnsGiveWay() {
        let lines = map.text(columns: 48, glyphs: .ascii).split(separator: "\n")
        #expect(lines[2] == "               00 03 06 09 12 15 18 21   total")
        #expect(lines[3] == "Latin America |         -=+*%%###%%*+=-    8 k")
        for columns in 45...200 {
            for line in map.text(columns: columns, glyphs: .blocks).split(separator: "\n") {
                #expect(line.count <= columns)
            }
        }
        for columns in -1..<45 { _ = map.text(columns: columns, glyphs: .blocks) }
    }

    @Test func aCellSaysItsValue() throws {
        let elements = try Elements(map.svg())
        // The ground, the cells that have a value, and the scale.
        #expect(elements.names["rect"] == 1 + 24 + 3 + 9)
        #expect(elements.text.contains("Latin America, 16: 1 k") && elements.text.contains("Asia up to 1 k at 03"))
    }

    @Test func levelsSpanWhatIsThere() {
        #expect(
            [0, 1e-9, 1.5, 1.6, 25, 25.1, 100, 1e9].map { HeatRamp.level(of: $0, upTo: 100) } == [
                0, 1, 1, 2, 4, 5, 8, 8,
            ])
        #expect(HeatRamp.level(of: 1, upTo: 0) == 0 && HeatRamp.bound(of: 4, upTo: 100) == 25)
        #expect(HeatRamp.shades.count == HeatRamp.levels + 1 && HeatRamp.terminalColors.count == HeatRamp.levels + 1)
    }

    @Test func anythingCanBeDrawn() throws {
        for values in [[], [.nan], [0], [-1, .infinity], [1e300, .leastNonzeroMagnitude]] as [[Double]] {
            let hostile = HeatMap(
                title: Elements.hostile, subtitle: Elements.hostile, unit: .count,
                columns: values.map { _ in Elements.hostile }, rows: [.init(Elements.hostile, values: values)])
            #expect(try Elements(hostile.svg()).names["script"] == nil)
            #expect(!hostile.text(columns: 80, glyphs: .blocks).contains("\u{1b}"))
        }
        #expect(map.text(columns: 100, glyphs: .blocks, ink: .colors256).contains("\u{1b}[38;5;226m███\u{1b}[0m"))
    }
}
