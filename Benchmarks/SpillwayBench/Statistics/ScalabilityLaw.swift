/// Gunther's Universal Scalability Law: throughput at load N is λN / (1 + σ(N − 1) + κN(N − 1))
/// (Gunther, Guerrilla Capacity Planning, 2007).
struct ScalabilityLaw: Equatable {
    /// Throughput at load 1.
    var lambda: Double
    /// What waits in line, as a share of the work at load 1: contention.
    var sigma: Double
    /// What each must settle with every other: coherence.
    var kappa: Double

    func throughput(at load: Double) -> Double { lambda * Self.speedup(load, sigma, kappa) }

    /// The load beyond which throughput falls; nil if it never does.
    var peakLoad: Double? { kappa > 0 && sigma < 1 ? ((1 - sigma) / kappa).squareRoot() : nil }

    static func speedup(_ load: Double, _ sigma: Double, _ kappa: Double) -> Double {
        load / (1 + sigma * (load - 1) + kappa * load * (load - 1))
    }
}
