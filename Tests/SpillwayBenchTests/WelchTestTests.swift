import Testing

@testable import SpillwayBench

struct WelchTestTests {
    /// scipy 1.17.1: `stats.ttest_ind(b, a, equal_var=False)`, `.confidence_interval(0.95)`.
    @Test func `Independent series are judged as scipy judges them`() throws {
        let test = try #require(
            WelchTest([20.1, 19.4, 20.8, 20.3, 19.9], [21.0, 22.4, 20.9, 23.1, 21.7, 22.2]))
        #expect(test.pValue.isClose(to: 0.0024557442187317273, within: 1e-9))
        #expect(test.interval.lowerBound.isClose(to: 0.8283644596497104, within: 1e-9))
        #expect(test.interval.upperBound.isClose(to: 2.7383022070169596, within: 1e-9))
        #expect(test.isSignificant)
    }

    @Test func `What never varies is told apart, or is the same`() throws {
        #expect(try #require(WelchTest([7, 7, 7], [7, 7])).pValue == 1)
        let test = try #require(WelchTest([7, 7, 7], [8, 8]))
        #expect(test.pValue == 0 && test.interval == 1...1)
    }

    @Test func `One value says nothing of its spread`() {
        #expect(WelchTest([1], [2, 3, 4]) == nil)
        #expect(WelchTest([2, 3, 4], []) == nil)
    }

    /// numpy: Σ dᵢ dᵢ₊ₖ / Σ dᵢ².
    @Test func `Autocorrelations are those of the definition`() {
        let found = Autocorrelation([1, 2, 3, 4, 5, 4, 3, 2, 1, 2.5])
        for (lag, expected) in [1, 0.572, 0.008, -0.46].enumerated() {
            #expect((found[lag] - expected).magnitude < 1e-12)
        }
        #expect(Autocorrelation([3, 3, 3])[1] == 0)
    }

    /// n (1 − φ) / (1 + φ) in theory.
    @Test(arguments: [0.0, 0.5, 0.9])
    func `A correlated series is worth as many values as theory says`(correlation: Double) {
        let sizes = (0..<20).map { seed in
            var process = Autoregression(correlation: correlation, seed: UInt64(seed))
            return EffectiveSampleSize(process.series(1000)).value
        }
        let mean = sizes.reduce(0, +) / 20
        let theory = 1000 * (1 - correlation) / (1 + correlation)
        #expect((0.75...1.15).contains(mean / theory), "\(mean) of \(theory)")
    }

    private static let seeds = 200

    /// Pairs of series that are called different, of ``seeds``.
    private static func differences(
        count: Int, correlation: Double, shift: Double = 0, by isDifferent: ([Double], [Double]) -> Bool
    ) -> Int {
        (0..<seeds).count { seed in
            var process = Autoregression(correlation: correlation, seed: UInt64(seed) &* 7919)
            return isDifferent(process.series(count), process.series(count, shift: shift))
        }
    }

    private static func isSignificant(_ first: [Double], _ second: [Double]) -> Bool {
        WelchTest(first, second)?.isSignificant ?? false
    }

    /// 5 % of 200 is 10; 19 or more have odds of 0.5 % if the test keeps to it.
    @Test(arguments: [(5, 0.0), (20, 0.0), (20, 0.5), (50, 0.8), (200, 0.9)])
    func `Series of one distribution seldom differ, however correlated`(count: Int, correlation: Double) {
        let found = Self.differences(count: count, correlation: correlation, by: Self.isSignificant)
        #expect(found <= 18)
    }

    /// What the test above is for: taken for independent, correlated series would fail it.
    @Test func `Correlated series that are taken for independent often differ`() {
        let found = Self.differences(count: 200, correlation: 0.9) { first, second in
            func mean(_ series: [Double]) -> (value: Double, squaredError: Double) {
                let mean = series.reduce(0, +) / Double(series.count)
                let squares = series.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                return (mean, squares / Double(series.count - 1) / Double(series.count))
            }
            let (first, second) = (mean(first), mean(second))
            let t = (second.value - first.value) / (first.squaredError + second.squaredError).squareRoot()
            return StudentT(degreesOfFreedom: 398).twoSidedTail(t) < WelchTest.significance
        }
        #expect(found > Self.seeds / 3)
    }

    /// Independent values have a deviation of 1; those with φ = 0.9, of 2.3.
    @Test(arguments: [(5, 0.0, 3.5), (10, 0.0, 2.0), (200, 0.9, 5.0)])
    func `A true difference is found`(count: Int, correlation: Double, shift: Double) {
        let found = Self.differences(count: count, correlation: correlation, shift: shift, by: Self.isSignificant)
        #expect(found >= Self.seeds * 9 / 10)
    }
}
