@testable import SpillwayConsole
import SpillwayModel
import Testing

@testable import SpillwayCLI

struct OutputTests {
    @Test func figures() {
        #expect(
            [0, 999, 1000, 70_000_000, -1234].map(Figures.grouped) == [
                "0", "999", "1,000", "70,000,000", "-1,234",
            ])
        #expect(
            [830, 1500, 14_230_000, 250e6, 3e9].map(Figures.short) == [
                "830", "1.5 k", "14.2 M", "250 M", "3.0 G",
            ])
        #expect([0, 1023, 1024, 691_000_000].map(Figures.bytes) == ["0 B", "1023 B", "1.00 KiB", "659 MiB"])
        #expect(
            [0.004, 59.99, 125, 7260].map(Figures.duration(seconds:)) == [
                "0.00 s", "59.99 s", "2 min 05 s", "2 h 01 min",
            ])
        #expect([0, 6.2, 75, 3723].map(Figures.clock(seconds:)) == ["0:00", "0:07", "1:15", "1:02:03"])
        #expect(Figures.percent(1, of: 3) == "33.3 %" && Figures.percent(0, of: 0) == "0.0 %")
        #expect(Figures.decimal(9.4127, places: 2) == "9.41" && Figures.decimal(0.996, places: 2) == "1.00")
    }

    @Test func tablesAreAligned() {
        var table = Table([.text("Region"), .number("Count")])
        table.append(["Latin America", "9"])
        table.append(["MENA", "1,234"])
        table.setTotal(["Total", "1,243"])
        #expect(
            table.rendered() == """
                Region         Count
                ────────────────────
                Latin America      9
                MENA           1,234
                ────────────────────
                Total          1,243

                """)
    }

    @Test func barsAreAnEighthFine() {
        #expect(
            [0, 0.001, 0.5, 0.53, 1, 2].map { Bar.filled($0, width: 4) } == [
                "", "▏", "██", "██▏", "████", "████",
            ])
        #expect(Bar.onTrack(0.25, width: 4) == "█░░░")
    }

    @Test func progressFitsTheTerminal() {
        let line = ProgressLine(
            title: "telegram", done: 58_000_000, total: 100_000_000, seconds: 4,
            shares: [("Asia", 10), ("Latin America", 60), ("Europe", 30), ("MENA", 0)])
        #expect(
            line.rendered(width: 120).hasSuffix(
                "  58 %  14.5 M/s  Latin America 60 % · Europe 30 % · Asia 10 %  0:03 left"))
        for width in 0...160 { #expect(line.rendered(width: width).count < max(1, width)) }
        #expect(!line.rendered(width: 60).contains("Asia"))
    }

    @Test func jsonIsEscapedAndKeepsItsOrder() {
        let value: JSON = [
            "z": .string("a\"b\\c\n\u{1f}ü"),
            "a": .array([.null, .bool(true), .unsigned(.max), .number(.nan)]),
            "m": .object([]), "n": .number(1.5),
        ]
        let line = #"{"z":"a\"b\\c\u000a\u001fü","a":[null,true,18446744073709551615,null],"m":{},"n":1.5}"#
        #expect(value.rendered() == line + "\n")
        #expect(JSON.array([.integer(1), .integer(2)]).rendered() == "[\n  1,\n  2\n]\n")
        #expect(JSON.array([]).rendered() == "[]\n")
        #expect(JSON.rounded(1.23456).rendered() == "1.235\n")
    }

    @Test func speedsArePositiveFactors() {
        #expect(ReplaySpeed(argument: "max") == .max)
        #expect(ReplaySpeed(argument: "60x") == .times(60))
        #expect(ReplaySpeed(argument: "0.5x") == .times(0.5))
        for text in ["", "x", "0x", "-1x", "60", "nanx", "infx"] {
            #expect(ReplaySpeed(argument: text) == nil)
        }
    }

    @Test func totalsAreByRegionAndOutcome() {
        var totals = ReplayTotals()
        let countries = ["BR", "MX", "DE", "DE"].compactMap { Country($0) } + [.unknown]
        let codes: [OutcomeCode] = [.accepted, .duplicate, .accepted, .accepted, .refused(.unknownCountry)]
        totals.add(Acknowledgement(durability: .synced, codes: codes).outcomes, of: countries)
        var sum = totals
        sum += totals
        #expect(sum.attempts == 10 && sum.accepted == 6 && sum.duplicates == 2)
        #expect(sum.accepted(from: .europe) == 4 && sum.duplicates(from: .latinAmerica) == 2)
        #expect(sum.refused.map(\.reason) == [.unknownCountry] && sum.refused.first?.count == 2)
    }
}
