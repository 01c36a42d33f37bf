/// Text in elements: SVG or HTML. What is put in is escaped, so that no text can become an element.
struct Markup {
    private(set) var text = ""

    mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
        text += "<\(name)"
        for (key, value) in attributes { text += " \(key)=\"\(Self.escaped(value))\"" }
        text += ">"
    }

    mutating func close(_ name: String) { text += "</\(name)>\n" }

    mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: String = "") {
        open(name, attributes)
        text += Self.escaped(content)
        close(name)
    }

    /// Takes text as it is: another drawing, a style sheet, a script.
    mutating func append(verbatim markup: String) { text += markup }

    /// XML 1.0, sections 2.2 and 2.4; characters that XML cannot have are replaced.
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;".unicodeScalars
            case "<": escaped += "&lt;".unicodeScalars
            case ">": escaped += "&gt;".unicodeScalars
            case "\"": escaped += "&quot;".unicodeScalars
            case "\t", "\n", "\r": escaped.append(" ")
            case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) || scalar.value & 0xfffe == 0xfffe:
                escaped.append("\u{fffd}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// A coordinate to a tenth.
    static func number(_ value: Double) -> String { tenths(Int((value * 10).rounded())) }

    /// As short as SVG can be written: `12`, `-.5`
    static func tenths(_ value: Int) -> String {
        let (whole, tenth) = (Int(value.magnitude) / 10, Int(value.magnitude) % 10)
        let sign = value < 0 ? "-" : ""
        if tenth == 0 { return whole == 0 ? "0" : "\(sign)\(whole)" }
        return whole == 0 ? "\(sign).\(tenth)" : "\(sign)\(whole).\(tenth)"
    }
}
