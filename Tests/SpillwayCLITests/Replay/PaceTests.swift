import SpillwayModel
import Testing

@testable import SpillwayCLI

struct PaceTests {
    private func grains(
        _ rhythm: Pace.Rhythm, _ arrivalsUs: [Int64], limit: Int = .max
    ) -> [Pace.Grain] {
        let arrivals = arrivalsUs.map { Timestamp(rawValue: 1_633_361_400_000_000 + $0) }
        var pace = Pace(rhythm)
        var grains: [Pace.Grain] = []
        while let row = grains.isEmpty ? 0 : grains.last?.rows.upperBound, row < arrivals.count {
            grains.append(pace.nextGrain(of: arrivals, from: row, limit: min(limit, arrivals.count)))
        }
        return grains
    }

    @Test func whatIsDueWithinAGrainGoesTogetherWhenTheLastIsDue() {
        let grains = grains(.traced(speedup: 1), [0, 100, 249, 250, 499, 10_000])
        #expect(
            grains == [
                Pace.Grain(rows: 0..<3, firstDueNs: 0, lastDueNs: 249_000),
                Pace.Grain(rows: 3..<5, firstDueNs: 250_000, lastDueNs: 499_000),
                Pace.Grain(rows: 5..<6, firstDueNs: 10_000_000, lastDueNs: 10_000_000),
            ])
    }

    @Test func aFasterClockBringsAttemptsTogether() {
        let grains = grains(.traced(speedup: 60), [0, 14_999, 15_000, 60_000_000])
        #expect(grains.map(\.rows) == [0..<2, 2..<3, 3..<4])
        #expect(grains.last?.firstDueNs == 1_000_000_000)
    }

    @Test func aConstantRateDoesNotCareWhenAttemptsArrive() {
        let grains = grains(.constant(perSecond: 8000), [0, 0, 0, 5, 9_000_000, 9_000_000])
        #expect(grains.map(\.rows) == [0..<2, 2..<4, 4..<6])
        #expect(grains.map(\.firstDueNs) == [0, 250_000, 500_000])
        #expect(grains.map(\.lastDueNs) == [125_000, 375_000, 625_000])
    }

    @Test func noGrainIsLargerThanABatch() {
        let grains = grains(.traced(speedup: 1), [0, 0, 0, 0, 0], limit: 2)
        #expect(grains.map(\.rows) == [0..<2, 2..<4, 4..<5])
        #expect(grains.allSatisfy { $0.firstDueNs == 0 && $0.lastDueNs == 0 })
    }

    @Test func timesThatAreFarApartAreDueLateAndDoNotTrap() {
        var pace = Pace(.traced(speedup: 1e-6))
        let arrivals = [Timestamp(rawValue: .min), Timestamp(rawValue: .max)]
        #expect(pace.nextGrain(of: arrivals, from: 0, limit: 5).rows == 0..<1)
        #expect(pace.nextGrain(of: arrivals, from: 1, limit: 5).firstDueNs == 1 << 61)
    }
}

struct PaceOptionTests {
    @Test(
        arguments: [
            ("5M/s", 5e6), ("50k/s", 5e4), ("300/s", 300), ("1M/m", 1e6 / 60), ("0.5/s", 0.5), ("1.5K/s", 1500),
            ("7200/h", 2), ("86400/d", 1),
        ] as [(String, Double)])
    func aRate(text: String, perSecond: Double) {
        #expect(SendRate(argument: text)?.perSecond == perSecond)
    }

    @Test(arguments: ["", "5M", "/s", "M/s", "5M/", "5M/w", "-1/s", "0/s", "nan/s", "inf/s", "9G/s", "5/s/s", "5 M/s"])
    func noRate(text: String) {
        #expect(SendRate(argument: text) == nil)
    }

    @Test func aSpeed() {
        #expect(ReplaySpeed(argument: "max") == .max)
        #expect(ReplaySpeed(argument: "0.5x") == .times(0.5))
        for text in ["60", "x", "-1x", "0x", "nanx", "fast"] { #expect(ReplaySpeed(argument: text) == nil) }
    }
}
