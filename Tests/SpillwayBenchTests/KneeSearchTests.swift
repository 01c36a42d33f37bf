import Testing

@testable import SpillwayBench

struct KneeSearchTests {
    private func knee(at limit: Double, start: Double = 1, range: ClosedRange<Double> = 0.01...1000) -> KneeSearch {
        var search = KneeSearch(start: start, range: range, growth: 2, precision: 0.05)
        var trials = 0
        while let rate = search.nextRate, trials < 100 {
            search.record(rate, isMet: rate <= limit)
            trials += 1
        }
        return search
    }

    @Test(arguments: [0.3, 1, 1.5, 7, 300]) func theKneeIsFoundFromBelowAndAbove(limit: Double) throws {
        let met = try #require(knee(at: limit).highestMet)
        #expect(met <= limit && met > limit / 1.05)
    }

    @Test func aKneeBeyondTheRangeIsItsEnd() {
        #expect(knee(at: 5000).highestMet == 1000)
        #expect(knee(at: 5000).lowestBroken == nil)
    }

    @Test func noRateMayKeepTheObjective() {
        #expect(knee(at: 0.001).highestMet == nil)
    }

    @Test func intervalIsStudentsOverLogarithms() throws {
        // Logarithms 0, 1, 2: mean 1, standard error 1/√3, t(2) = 4.303.
        let interval = try #require(ConfidenceInterval([1, 2.718281828, 7.389056099]))
        #expect(abs(interval.center - 2.71828) < 1e-4)
        #expect(abs(interval.lower - 0.22667) < 1e-4)
        #expect(abs(interval.upper - 32.598) < 0.01)
        #expect(ConfidenceInterval([1]) == nil)
        #expect(ConfidenceInterval([1, 0]) == nil)
    }

    @Test func objectivesAreRead() throws {
        let objective = try #require(LatencyObjective(argument: "p99.9=500us"))
        #expect(objective.percentile == 99.9 && objective.limitUs == 500)
        #expect(LatencyObjective(argument: "max=1.5s")?.limitUs == 1_500_000)
        for wrong in ["p99", "p99=", "p101=1ms", "p0=1ms", "x=1ms", "p99=-1ms", "p99=1", "p99=nanms", "=1ms"] {
            #expect(LatencyObjective(argument: wrong) == nil, "\(wrong)")
        }
    }

    @Test func ratesAreRead() {
        #expect(Rate(argument: "1M")?.perSecond == 1e6)
        #expect(Rate(argument: "2.5k")?.perSecond == 2500)
        #expect(Rate(argument: "40000")?.perSecond == 40000)
        for wrong in ["", "M", "0", "-1M", "1X", "nan", "inf", "1e300"] {
            #expect(Rate(argument: wrong) == nil, "\(wrong)")
        }
    }
}
