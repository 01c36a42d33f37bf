import Testing

@testable import SpillwayBench

/// Against scipy 1.17.1: `optimize.curve_fit` with bounds (0, ∞) and tolerances of 1e-15.
struct ScalabilityLawTests {
    private static func points(_ pairs: [(Double, Double)]) -> [ScalabilityLaw.Point] {
        pairs.map { ScalabilityLaw.Point(load: $0.0, throughput: $0.1) }
    }

    @Test func `All three coefficients are found`() throws {
        let law = try #require(
            ScalabilityLaw(
                fitting: Self.points([
                    (1, 995.14), (2, 1652.49), (4, 2752.80), (8, 3808.34), (12, 4283.64), (16, 4438.87),
                    (24, 4402.05), (32, 4312.90),
                ])))
        #expect(law.lambda.isClose(to: 967.0373425244693, within: 1e-6))
        #expect(law.sigma.isClose(to: 0.12985000155427953, within: 1e-6))
        #expect(law.kappa.isClose(to: 0.0022240199864645063, within: 1e-6))
        #expect(try #require(law.peakLoad).isClose(to: 19.78, within: 1e-3))
    }

    @Test(
        arguments: [
            ([10, 19.4, 28.1, 37.0, 44.0, 52.3], 9.966124092027046, 0.02968137051600849, 0),
            ([10, 20.6, 30.5, 42, 51, 62], 10.304395604337632, 0, 0),
            ([10, 20, 29.5, 38, 44, 48], 10.451457486304559, 0, 0.009847645128666625),
        ])
    func `No coefficient is negative`(
        throughput: [Double], lambda: Double, sigma: Double, kappa: Double
    ) throws {
        let points = throughput.enumerated().map { (Double($0 + 1), $1) }
        let law = try #require(ScalabilityLaw(fitting: Self.points(points)))
        #expect(law.lambda.isClose(to: lambda, within: 1e-6))
        #expect((law.sigma - sigma).magnitude < 1e-7 && law.sigma >= 0)
        #expect((law.kappa - kappa).magnitude < 1e-7 && law.kappa >= 0)
    }

    /// λ is then the mean at load 1, and σ follows from the mean at load 2: 2λ / 34 − 1.
    @Test func `Two loads give contention only`() throws {
        let law = try #require(
            ScalabilityLaw(fitting: Self.points([(1, 20), (1, 21), (1, 19.5), (2, 33), (2, 35), (2, 34)])))
        #expect(law.kappa == 0)
        #expect(law.lambda.isClose(to: 60.5 / 3, within: 1e-7))
        #expect(law.sigma.isClose(to: 2 * 60.5 / 3 / 34 - 1, within: 1e-6))
        #expect(law.throughput(at: 2).isClose(to: 34, within: 1e-7))
        #expect(law.peakLoad == nil)
    }

    @Test func `One load tells nothing, nor does a throughput of nothing`() {
        #expect(ScalabilityLaw(fitting: Self.points([(1, 20), (1, 21)])) == nil)
        #expect(ScalabilityLaw(fitting: Self.points([(1, 20), (2, 0)])) == nil)
    }
}
