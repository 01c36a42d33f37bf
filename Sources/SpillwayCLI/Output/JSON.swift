/// A value for scripts. Rendered here rather than by an encoder, which costs ten times as much for each of a million
/// rows, and would not keep the order of keys.
enum JSON {
    case null
    case bool(Bool)
    case integer(Int)
    /// For identities, of which half are beyond `Int`.
    case unsigned(UInt64)
    case number(Double)
    case string(String)
    case array([JSON])
    /// In the order in which keys are printed.
    case object([Member])

    struct Member {
        var key: String
        var value: JSON
    }

    /// To three decimals: what is measured is no better.
    static func rounded(_ value: Double) -> JSON { .number((value * 1000).rounded() / 1000) }

    /// One line; of an array at the top, a line for each element.
    func rendered() -> String {
        var text = ""
        if case .array(let elements) = self, !elements.isEmpty {
            for (index, element) in elements.enumerated() {
                text += index == 0 ? "[\n  " : ",\n  "
                element.append(to: &text)
            }
            text += "\n]"
        } else {
            append(to: &text)
        }
        return text + "\n"
    }

    private func append(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .unsigned(let value): text += String(value)
        // JSON has no word for what is not finite.
        case .number(let value): text += value.isFinite ? "\(value)" : "null"
        case .string(let value): Self.append(value, to: &text)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.append(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                Self.append(member.key, to: &text)
                text += ":"
                member.value.append(to: &text)
            }
            text += "}"
        }
    }

    /// RFC 8259, section 7.
    private static func append(_ string: String, to text: inout String) {
        text += "\""
        if string.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            for scalar in string.unicodeScalars { append(escaped: scalar, to: &text) }
        } else {
            text += string
        }
        text += "\""
    }

    private static func append(escaped scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
    }
}

extension JSON: ExpressibleByDictionaryLiteral {
    typealias Key = String
    typealias Value = JSON

    init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(members.map { Member(key: $0, value: $1) })
    }
}
