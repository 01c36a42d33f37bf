/// parquet.thrift `SchemaElement` of a nested schema: its tree, flattened depth first.
struct NestedElement: Hashable {
    var name: String
    /// Nil of a group.
    var physicalType: Int32?
    /// parquet.thrift `FieldRepetitionType`; nil of the root.
    var repetition: Int32?
    var childCount: Int?
    /// parquet.thrift `ConvertedType`.
    var convertedType: Int32?

    private enum Repetition {
        static let required: Int32 = 0
        static let optional: Int32 = 1
        static let repeated: Int32 = 2
    }
    private enum Converted {
        static let map: Int32 = 1
        static let list: Int32 = 3
    }

    /// The root, then what is below it.
    static func all(of fields: [NestedField]) -> [NestedElement] {
        [NestedElement(name: "schema", childCount: fields.count)] + fields.flatMap(elements)
    }

    private static func elements(of field: NestedField) -> [NestedElement] {
        var element = NestedElement(
            name: field.name, physicalType: field.kind.physicalType,
            repetition: field.isRequired ? Repetition.required : Repetition.optional)
        switch field.kind {
        case .string: element.convertedType = ConvertedType.utf8.rawValue
        case .map: element.convertedType = Converted.map
        case .list: element.convertedType = Converted.list
        case .boolean, .int32, .int64, .group: break
        }
        if let repeated = field.element {
            element.childCount = 1
            let group = NestedElement(
                name: repeated.groupName, repetition: Repetition.repeated, childCount: repeated.fields.count)
            return [element, group] + repeated.fields.flatMap(elements)
        }
        guard case .group(let fields) = field.kind else { return [element] }
        element.childCount = fields.count
        return [element] + fields.flatMap(elements)
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { element in
            if let physicalType { element.field(1, i32: physicalType) }
            if let repetition { element.field(3, i32: repetition) }
            element.field(4, binary: name.utf8)
            if let childCount { element.field(5, i32: Int32(childCount)) }
            if let convertedType { element.field(6, i32: convertedType) }
            writeLogicalType(to: &element)
        }
    }

    /// parquet.thrift `LogicalType`: the members of the union have other numbers than the converted types.
    private func writeLogicalType(to element: inout ThriftWriter) {
        let member: Int
        switch convertedType {
        case ConvertedType.utf8.rawValue: member = 1
        case Converted.map: member = 2
        case Converted.list: member = 3
        default: return
        }
        element.field(10) { $0.field(member) { _ in } }
    }
}

extension NestedElement {
    init(_ reader: inout ThriftReader) throws(ParquetError) {
        var element = NestedElement(name: "")
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: element.physicalType = try reader.i32(field)
            case 3: element.repetition = try reader.i32(field)
            case 4: element.name = try reader.string(field)
            case 5: element.childCount = try reader.count32(field)
            case 6: element.convertedType = try reader.i32(field)
            default: try reader.skip(field)
            }
        }
        self = element
    }
}

extension NestedField.Kind {
    /// parquet.thrift `Type`; nil of what is no leaf.
    var physicalType: Int32? {
        switch self {
        case .boolean: 0
        case .int32: PhysicalType.int32.rawValue
        case .int64: PhysicalType.int64.rawValue
        case .string: PhysicalType.byteArray.rawValue
        case .group, .list, .map: nil
        }
    }
}
