/// What values are counted in, and how they are spelled: `830`, `14.2 M`, `1.5 k/s`, `2.4 ms`.
package struct ValueUnit: Sendable, Hashable {
    struct Scale: Hashable {
        /// How many of the unit.
        var size: Double
        var suffix: String
    }

    /// The largest first; the last is for everything below, too.
    let scales: [Scale]

    package static let count = ValueUnit(scales: Self.thousands(of: ""))
    package static let perSecond = ValueUnit(scales: Self.thousands(of: "/s"))
    package static let microseconds = ValueUnit(scales: [
        Scale(size: 1e6, suffix: " s"), Scale(size: 1e3, suffix: " ms"), Scale(size: 1, suffix: " µs"),
    ])

    /// Parts of a whole, 0 … 1.
    package static let share = ValueUnit(scales: [Scale(size: 0.01, suffix: " %")])
    /// How many times as much.
    package static let ratio = ValueUnit(scales: [Scale(size: 1, suffix: " ×")])

    private static func thousands(of unit: String) -> [Scale] {
        [(1e9, " G"), (1e6, " M"), (1e3, " k"), (1, "")].map { Scale(size: $0, suffix: $1 + unit) }
    }

    /// Values from this part of a scale on are spelled by it, since they are rounded to it.
    static let threshold = 0.9995

    package func spelled(_ value: Double) -> String {
        guard let scale = scales.first(where: { value >= $0.size * Self.threshold }) ?? scales.last else { return "" }
        return Self.spelled(value / scale.size) + scale.suffix
    }

    /// Three digits, or as many as there are before the point; to a millionth.
    static func spelled(_ value: Double) -> String {
        guard value > 0 else { return "0" }
        let bounds = [99.95, 9.995, 0.9995, 0.09995, 0.009995, 0.0009995]
        let places = bounds.firstIndex { value >= $0 } ?? bounds.count
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let scaled = (min(value, ValueAxis.limit) * Double(scale)).rounded()
        guard scaled < 1e15 else { return "\(value)" }
        let (whole, fraction) = Int(scaled).quotientAndRemainder(dividingBy: scale)
        if fraction == 0 { return "\(whole)" }
        var digits = String(scale + fraction).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    /// `33 %`, `0.5 %`
    static func percent(_ share: Double) -> String {
        let percent = share * 100
        return percent > 0 && percent < 0.1 ? "< 0.1 %" : "\(spelled((percent * 10).rounded() / 10)) %"
    }
}
