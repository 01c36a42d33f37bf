import Testing

@testable import SpillwayBench

/// Against scipy 1.17.1: `special.betainc`, `stats.t`.
struct DistributionTests {
    @Test(
        arguments: [
            (0.5, 0.5, 0.5, 0.5), (0.1, 2, 3, 0.0523), (0.9, 2, 3, 0.9963),
            (0.999, 10, 0.5, 0.8888967091248604), (1e-6, 0.25, 4, 0.04817529482394946),
            (0.3, 250, 600, 0.6499412380192373), (0, 3, 4, 0), (1, 3, 4, 1),
        ])
    func `The incomplete beta function has its known values`(x: Double, a: Double, b: Double, value: Double) {
        #expect(regularizedIncompleteBeta(x, a: a, b: b).isClose(to: value, within: 1e-11))
    }

    @Test(
        arguments: [
            (1, 1.0, 0.75, 0.5), (2.5, -3.2, 0.031705514118190725, 0.06341102823638145),
            (4, 2.776445105, 0.9749999999949402, 0.05000000001011946),
            (30, 0.1, 0.5394951941048645, 0.9210096117902712),
            (1e6, 1.96, 0.9750019662073651, 0.04999606758526985),
            (7.3, 12, 0.9999977221073852, 4.55578522957055e-06),
        ])
    func `Student's t has its known odds`(freedom: Double, t: Double, cumulative: Double, tail: Double) {
        let distribution = StudentT(degreesOfFreedom: freedom)
        #expect(distribution.cumulative(t).isClose(to: cumulative, within: 1e-9))
        #expect(distribution.twoSidedTail(t).isClose(to: tail, within: 1e-9))
    }

    @Test(
        arguments: [
            (1, 0.95, 12.706204736174694), (4, 0.95, 2.7764451051977934), (9.7, 0.99, 3.1913612585717734),
            (1000, 0.5, 0.6747351646070093),
        ])
    func `Student's t has its known quantiles`(freedom: Double, confidence: Double, halfWidth: Double) {
        #expect(
            StudentT(degreesOfFreedom: freedom).halfWidth(confidence: confidence)
                .isClose(to: halfWidth, within: 1e-8))
    }

    @Test func `Medians and percentiles are nearest ranks`() throws {
        let odd = try #require(Sample([5, 1, 4, 2, 3]))
        #expect([odd.least, odd.median, odd.greatest] == [1, 3, 5])
        #expect(try #require(Sample([4, 1, 3, 2])).median == 2.5)
        let hundred = try #require(Sample((1...100).reversed().map(Double.init)))
        #expect([50, 99, 99.9, 100, 0.1].map(hundred.percentile) == [50, 99, 100, 100, 1])
        #expect(Sample([]) == nil)
    }
}
