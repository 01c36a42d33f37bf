extension TimeChartDrawing {
    /// What the page's script is to know of the drawing, as JSON: its points, to four digits, and where they are.
    var readOut: String {
        let series = legend.map(\.series).map { series in
            let values = (0..<chart.axis.count).map { Self.number(series.value(at: $0)) }
            return "{\"name\":\(Self.string(series.name)),\"color\":\(Self.string(series.color.cssClass)),"
                + "\"values\":[\(values.joined(separator: ","))]}"
        }
        let unit = chart.unit.scales.map { "[\($0.size),\(Self.string($0.suffix))]" }
        return """
            {"startMs":\(Double(chart.axis.startUs) / 1000),"stepMs":\(Double(chart.axis.stepUs) / 1000),\
            "count":\(chart.axis.count),"natural":\(frame.width),"left":\(frame.left),"width":\(frame.plotWidth),\
            "top":\(frame.top),"bottom":\(frame.bottom),"hasTotal":\(chart.form == .stackedAreas),\
            "threshold":\(ValueUnit.threshold),"unit":[\(unit.joined(separator: ","))],
            "series":[\(series.joined(separator: ",\n"))]}
            """
    }

    private static func number(_ value: Double) -> String {
        guard !value.isNaN else { return "null" }
        var scale = 1.0
        while value * scale >= 10_000 { scale /= 10 }
        while value > 0, value * scale < 1000, scale < 1e6 { scale *= 10 }
        let digits = (value * scale).rounded() / scale
        return digits == digits.rounded() && digits < 1e15 ? "\(Int(digits))" : "\(digits)"
    }

    /// RFC 8259, section 7. No `<` is left that could end the script.
    private static func string(_ text: String) -> String {
        var escaped = "\""
        for scalar in text.unicodeScalars {
            guard scalar.value < 0x20 || "\"\\<>&".unicodeScalars.contains(scalar) else {
                escaped.unicodeScalars.append(scalar)
                continue
            }
            let digits = String(scalar.value, radix: 16)
            escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return escaped + "\""
    }
}
