import FoundationEssentials

/// A value for scripts.
enum JSON: Encodable {
    case null
    case bool(Bool)
    case integer(Int)
    /// For identities, of which half are beyond `Int`.
    case unsigned(UInt64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let values): try container.encode(values)
        case .object(let values): try container.encode(values)
        }
    }

    /// One line, keys in alphabetical order; of an array, a line for each element.
    func rendered() throws -> String {
        guard case .array(let elements) = self, !elements.isEmpty else { return try line() + "\n" }
        return try "[\n" + elements.map { try "  " + $0.line() }.joined(separator: ",\n") + "\n]\n"
    }

    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// To three decimals: what is measured is no better.
    static func rounded(_ value: Double) -> JSON {
        value.isFinite ? .number((value * 1000).rounded() / 1000) : .null
    }
}
