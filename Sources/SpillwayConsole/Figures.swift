/// Numbers as people read them.
package enum Figures {
    /// `70,000,000`
    package static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `14.2 M`, `830`, `1.5 k`: three digits or so.
    package static func short(_ value: Double) -> String {
        for (unit, size) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] where value >= size {
            return "\(decimal(value / size, places: value / size < 100 ? 1 : 0)) \(unit)"
        }
        return decimal(value, places: 0)
    }

    /// `684 MiB`
    package static func bytes(_ count: Int) -> String {
        for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where count >= 1 << shift {
            let size = Double(count) / Double(1 << shift)
            return "\(decimal(size, places: size < 10 ? 2 : size < 100 ? 1 : 0)) \(unit)"
        }
        return "\(count) B"
    }

    /// `4.93 s`, `2 min 05 s`
    package static func duration(seconds: Double) -> String {
        guard seconds >= 60 else { return "\(decimal(seconds, places: 2)) s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return "\(whole / 60) min \(padded(whole % 60)) s" }
        return "\(whole / 3600) h \(padded(whole / 60 % 60)) min"
    }

    /// `250 µs`, `12.4 ms`, `3.20 s`
    package static func latency(us: Double) -> String {
        switch us {
        case ..<1000: "\(decimal(us, places: 0)) µs"
        case ..<1_000_000: "\(decimal(us / 1e3, places: 1)) ms"
        default: duration(seconds: us / 1e6)
        }
    }

    /// `0:07`, `12:30`, `1:02:03`
    package static func clock(seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 359_999).rounded(.up))
        let minutes = whole / 60 % 60
        return whole < 3600
            ? "\(minutes):\(padded(whole % 60))"
            : "\(whole / 3600):\(padded(minutes)):\(padded(whole % 60))"
    }

    /// `31.4 %`; of nothing, nothing.
    package static func percent(_ part: Int, of total: Int, places: Int = 1) -> String {
        "\(decimal(total == 0 ? 0 : Double(part) / Double(total) * 100, places: places)) %"
    }

    /// The value rounded half up, with that many digits after the point.
    package static func decimal(_ value: Double, places: Int) -> String {
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let scaled = (value.magnitude * Double(scale)).rounded()
        guard scaled < 1e18 else { return "\(value)" }
        let (whole, fraction) = Int(scaled).quotientAndRemainder(dividingBy: scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(grouped(whole))" }
        let digits = String(fraction)
        return "\(sign)\(grouped(whole)).\(String(repeating: "0", count: places - digits.count))\(digits)"
    }

    private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
