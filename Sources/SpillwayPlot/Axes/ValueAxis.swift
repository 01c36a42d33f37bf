import Glibc

package enum ValueScale: Sendable, Hashable {
    case linear
    case logarithmic
}

/// A range of values that ends at round numbers, with marks at round numbers: 1, 2 or 5 times a power of ten.
struct ValueAxis: Hashable {
    /// No value is drawn as more.
    static let limit = 1e18
    /// What is less is nothing.
    private static let least = 1e-9
    /// A logarithmic axis shows that many powers of ten at most.
    private static let maximumDecades = 8.0

    let scale: ValueScale
    let bottom: Double
    let top: Double
    let ticks: [Double]

    /// From 0 to `highest` or a little more.
    init(upTo highest: Double, ticks count: Int) {
        scale = .linear
        bottom = 0
        guard highest >= Self.least else {
            (top, ticks) = (1, [0])
            return
        }
        let step = Self.roundedUp(min(highest, Self.limit) / Double(max(1, count)))
        let steps = (min(highest, Self.limit) / step).rounded(.up)
        top = steps * step
        ticks = (0...Int(steps)).map { Double($0) * step }
    }

    /// Around all positive `values`, logarithmic.
    init(logarithmicAround values: some Sequence<Double>) {
        scale = .logarithmic
        let positive = values.filter { $0 >= Self.least && $0.isFinite }
        let highest = min(Self.limit, positive.max() ?? 1)
        let lowest = max(highest / pow(10, Self.maximumDecades), positive.min() ?? 1)
        bottom = Self.roundedDown(lowest)
        top = max(Self.roundedUp(highest), bottom * 10)
        let decades = Int(floor(log10(bottom) + 1e-9))...Int(ceil(log10(top) - 1e-9))
        let factors: [Double] = decades.count > 4 ? [1] : decades.count > 3 ? [1, 5] : [1, 2, 5]
        let shown = bottom * (1 - 1e-9)...top * (1 + 1e-9)
        ticks = decades.flatMap { exponent in factors.map { $0 * pow(10, Double(exponent)) } }
            .filter(shown.contains)
    }

    /// Where the value is between bottom (0) and top (1).
    func fraction(of value: Double) -> Double {
        let fraction =
            switch scale {
            case .linear: value / top
            case .logarithmic: log10(max(value, bottom) / bottom) / log10(top / bottom)
            }
        return min(max(0, fraction), 1)
    }

    /// The least of 1, 2, 5, 10, … that is not below.
    private static func roundedUp(_ value: Double) -> Double {
        let power = pow(10, floor(log10(value)))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= value * (1 - 1e-9) } ?? 10 * power
    }

    /// The greatest of them that is not above.
    private static func roundedDown(_ value: Double) -> Double {
        let power = pow(10, floor(log10(value)))
        return [5, 2, 1].map { $0 * power }.first { $0 <= value * (1 + 1e-9) } ?? power
    }
}
