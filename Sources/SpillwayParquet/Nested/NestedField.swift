/// A column that may be missing, have parts, or be a list: what tables of records need and registrations do not
/// (parquet-format LogicalTypes.md, "Nested Types").
package struct NestedField: Sendable, Hashable {
    package indirect enum Kind: Sendable, Hashable {
        case boolean, int32, int64
        /// BYTE_ARRAY of UTF-8.
        case string
        case group([NestedField])
        case list(of: NestedField)
        case map(key: NestedField, value: NestedField)
    }

    package var name: String
    package var isRequired: Bool
    package var kind: Kind

    package static func required(_ name: String, _ kind: Kind) -> NestedField {
        NestedField(name: name, isRequired: true, kind: kind)
    }

    package static func optional(_ name: String, _ kind: Kind) -> NestedField {
        NestedField(name: name, isRequired: false, kind: kind)
    }

    /// The fields of an element, for a field that repeats, and the name of their group.
    var element: (groupName: String, fields: [NestedField])? {
        switch kind {
        case .list(let element): ("list", [element])
        case .map(let key, let value): ("key_value", [key, value])
        default: nil
        }
    }
}

/// What a row holds in a ``NestedField``.
package enum NestedValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case int32(Int32)
    case int64(Int64)
    case string(String)
    /// A value for each field.
    case group([NestedValue])
    /// The elements of a list or a map, each a value for each field of an element: one of a list, key and value of a
    /// map.
    case elements([[NestedValue]])
}

/// A column of values as a file has it: what remains of a schema's tree at one of its leaves.
struct NestedLeaf: Hashable {
    var path: [String]
    /// Scalar.
    var kind: NestedField.Kind
    /// Optional and repeated fields from the root to the leaf.
    var maxDefinition: UInt8
    /// Repeated ones.
    var maxRepetition: UInt8

    /// The leaves of a schema, in order.
    static func all(of fields: [NestedField]) -> [NestedLeaf] {
        let root = NestedLeaf(path: [], kind: .group(fields), maxDefinition: 0, maxRepetition: 0)
        return fields.flatMap { root.leaves(of: $0) }
    }

    private func leaves(of field: NestedField) -> [NestedLeaf] {
        var node = self
        node.path.append(field.name)
        node.kind = field.kind
        node.maxDefinition += field.isRequired ? 0 : 1
        if let element = field.element {
            node.path.append(element.groupName)
            node.maxDefinition += 1
            node.maxRepetition += 1
            return element.fields.flatMap { node.leaves(of: $0) }
        }
        if case .group(let fields) = field.kind { return fields.flatMap { node.leaves(of: $0) } }
        return [node]
    }
}
