import ArgumentParser
import Spillway

/// When batches arrive, whatever becomes of those before them.
enum Arrivals: String, ExpressibleByArgument, CaseIterable {
    /// Independent of each other: exponential gaps.
    case poisson
    /// At equal gaps.
    case uniform
    /// As in the trace, at the given mean rate.
    case traced
}

/// The instant at which each batch is to be sent, in nanoseconds from the start.
struct ArrivalSchedule: Sendable {
    let startsNs: [Int64]

    init(_ arrivals: Arrivals, of batches: ArraySlice<RegistrationBatch>, rate: Double, seed: UInt64) {
        switch arrivals {
        case .poisson:
            var generator = SplitMix64(seed: seed)
            self.init(gaps: batches.map { generator.nextExponential() * Double($0.count) * 1e9 / rate })
        case .uniform:
            self.init(gaps: batches.map { Double($0.count) * 1e9 / rate })
        case .traced:
            self.init(traced: batches, rate: rate)
        }
    }

    /// The gap behind each batch. A gap stands for its batch's attempts: they have arrived once it is over.
    private init(gaps: [Double]) {
        var clockNs = 0.0
        startsNs = gaps.map { gap in
            clockNs += gap
            return Int64(clockNs)
        }
    }

    /// A batch is complete, and sent, when its last attempt is made; time runs so much faster that the mean rate is
    /// `rate`.
    private init(traced batches: ArraySlice<RegistrationBatch>, rate: Double) {
        guard let origin = batches.first?.registeredAt.first?.rawValue,
            let end = batches.last?.registeredAt.last?.rawValue
        else {
            startsNs = []
            return
        }
        let attempts = batches.reduce(0) { $0 + $1.count }
        let nsPerTracedUs = Double(attempts) * 1e9 / rate / Double(max(1, end - origin))
        var latestNs: Int64 = 0
        startsNs = batches.map { batch in
            let us = (batch.registeredAt.last?.rawValue ?? origin) - origin
            latestNs = max(latestNs, Int64(Double(us) * nsPerTracedUs))
            return latestNs
        }
    }
}
