import Testing

@testable import SpillwayPlot

struct AxisTests {
    @Test func ticksAreRoundTimesOfUTC() {
        let day = TimeAxis(startUs: TimeChart.midnightUs, stepUs: 60_000_000, count: 1441).ticks(atMost: 8)
        #expect(day.map(\.label) == ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "00:00"])
        #expect(day.map(\.context) == ["4 Oct 2021", "", "", "", "", "", "", "", "5 Oct"])
        #expect(day.map(\.position) == (0...8).map { Double($0) * 180 })
    }

    @Test func ticksBeginBehindTheStart() {
        let axis = TimeAxis(startUs: TimeChart.midnightUs + 15_300_000, stepUs: 100_000, count: 100)
        let ticks = axis.ticks(atMost: 5)
        #expect(ticks.map(\.label) == ["00:00:16", "00:00:18", "00:00:20", "00:00:22", "00:00:24"])
        #expect(ticks.first?.position == 7)
    }

    @Test func longTimesAreMarkedByDay() {
        let axis = TimeAxis(startUs: TimeChart.midnightUs + 85 * 86_400_000_000, stepUs: 86_400_000_000, count: 8)
        let ticks = axis.ticks(atMost: 5)
        #expect(ticks.map(\.label) == ["28 Dec", "30 Dec", "1 Jan", "3 Jan", "5 Jan"])
        #expect(ticks.map(\.context) == ["2021", "", "2022", "", ""])
        #expect(axis.clock(ofStep: 4) == "1 Jan")
    }

    @Test func shortTimesAreMarkedByFractions() {
        let ticks = TimeAxis(startUs: -1_000_000, stepUs: 100_000, count: 15).ticks(atMost: 3)
        #expect(ticks.map(\.label) == ["23:59:59.0", "23:59:59.5", "00:00:00.0", "00:00:00.5"])
        #expect(ticks.map(\.context) == ["31 Dec 1969", "", "1 Jan 1970", ""])
    }

    @Test(arguments: [(.min, 1), (.max - 10, 1000), (0, .max), (.min, .max), (0, 0)] as [(Int64, Int)])
    func noTimeIsTooFar(startUs: Int64, count: Int) {
        let axis = TimeAxis(startUs: startUs, stepUs: .max / 4, count: count)
        #expect(axis.ticks(atMost: 10).count <= 11)
        #expect(axis.joined(by: 3).count == count / 3 + (count % 3 > 0 ? 1 : 0))
        #expect(!axis.clock(ofStep: count).isEmpty)
    }

    @Test func valuesEndAtRoundNumbers() {
        #expect(ValueAxis(upTo: 41, ticks: 5).ticks == [0, 10, 20, 30, 40, 50])
        #expect(ValueAxis(upTo: 100, ticks: 5).ticks == [0, 20, 40, 60, 80, 100])
        #expect(ValueAxis(upTo: 0.7, ticks: 2).top == 1)
        #expect(ValueAxis(upTo: 0, ticks: 5).ticks == [0])
        #expect(ValueAxis(upTo: .leastNonzeroMagnitude, ticks: 5).ticks == [0])
        #expect(ValueAxis(upTo: .infinity, ticks: 5).top == 1e18)
    }

    @Test func logarithmsSpanWhatIsThere() {
        let axis = ValueAxis(logarithmicAround: [0, 130, .nan, 4200])
        #expect((axis.bottom, axis.top) == (100, 5000))
        #expect(axis.ticks == [100, 200, 500, 1000, 2000, 5000])
        #expect(axis.fraction(of: 100) == 0 && axis.fraction(of: 5000) == 1 && axis.fraction(of: 0) == 0)
        #expect(ValueAxis(logarithmicAround: []).top == 10)
        #expect(ValueAxis(logarithmicAround: [7]).ticks == [5, 10, 20, 50])
        let wide = ValueAxis(logarithmicAround: [.leastNonzeroMagnitude, 1e-9, .greatestFiniteMagnitude])
        #expect(wide.bottom == 1e10 && wide.top == 1e18 && wide.ticks.count == 9)
    }

    @Test func valuesAreSpelledShort() {
        #expect(
            [0, 0.5, 830, 999.7, 14_230_000, 250e6].map(ValueUnit.perSecond.spelled) == [
                "0/s", "0.5/s", "830/s", "1 k/s", "14.2 M/s", "250 M/s",
            ])
        #expect([180, 2400, 12_000_000].map(ValueUnit.microseconds.spelled) == ["180 µs", "2.4 ms", "12 s"])
        #expect(
            [0, 0.0004, 0.005, 0.33333, 1].map(ValueUnit.percent) == ["0 %", "< 0.1 %", "0.5 %", "33.3 %", "100 %"])
    }
}
