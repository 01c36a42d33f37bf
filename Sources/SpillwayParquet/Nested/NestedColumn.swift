/// The values of one leaf with the levels that place them in their rows (the Dremel encoding; parquet-format README,
/// "Nested Encoding").
struct NestedColumn {
    let leaf: NestedLeaf
    /// For each entry, how many optional and repeated fields on the way to it are there; all of them: there is a value.
    var definitions: [UInt8] = []
    /// For each entry, the depth of the list that it goes on with; 0 begins a row.
    var repetitions: [UInt8] = []
    /// Scalars, of the entries that have one.
    var values: [NestedValue] = []

    mutating func append(_ value: NestedValue, definition: UInt8, repetition: UInt8) {
        definitions.append(definition)
        repetitions.append(repetition)
        if value != .null { values.append(value) }
    }
}

/// Takes rows apart into columns.
struct NestedShredder {
    private let fields: [NestedField]
    private(set) var columns: [NestedColumn]
    /// Of the leaf that comes next in the row.
    private var column = 0

    init(_ fields: [NestedField]) {
        self.fields = fields
        columns = NestedLeaf.all(of: fields).map { NestedColumn(leaf: $0) }
    }

    /// - Precondition: the row fits the schema.
    mutating func append(_ row: [NestedValue]) {
        precondition(row.count == fields.count)
        column = 0
        for (value, field) in zip(row, fields) { append(value, field, definition: 0, repetition: 0, depth: 0) }
    }

    /// - Parameters:
    ///   - definition: of the group around the value.
    ///   - repetition: which list the value's first entry goes on with.
    ///   - depth: lists around the value.
    private mutating func append(
        _ value: NestedValue, _ field: NestedField, definition: UInt8, repetition: UInt8, depth: UInt8
    ) {
        let present = definition + (field.isRequired ? 0 : 1)
        switch (field.kind, value) {
        case (_, .null):
            precondition(!field.isRequired, "field \(field.name) is required")
            appendNothing(field, definition: definition, repetition: repetition)
        case (.group(let fields), .group(let values)):
            precondition(fields.count == values.count)
            for (value, field) in zip(values, fields) {
                append(value, field, definition: present, repetition: repetition, depth: depth)
            }
        case (.list, .elements(let elements)), (.map, .elements(let elements)):
            append(elements, field, definition: present, repetition: repetition, depth: depth)
        case (.boolean, .boolean), (.int32, .int32), (.int64, .int64), (.string, .string):
            columns[column].append(value, definition: present, repetition: repetition)
            column += 1
        default: preconditionFailure("field \(field.name) is no \(value)")
        }
    }

    private mutating func append(
        _ elements: [[NestedValue]], _ field: NestedField, definition: UInt8, repetition: UInt8, depth: UInt8
    ) {
        if elements.isEmpty { return appendNothing(field, definition: definition, repetition: repetition) }
        let fields = field.element?.fields ?? []
        let first = column
        for (index, element) in elements.enumerated() {
            precondition(element.count == fields.count)
            column = first
            for (value, field) in zip(element, fields) {
                append(
                    value, field, definition: definition + 1, repetition: index == 0 ? repetition : depth + 1,
                    depth: depth + 1)
            }
        }
    }

    /// An entry without a value in every leaf of the field.
    private mutating func appendNothing(_ field: NestedField, definition: UInt8, repetition: UInt8) {
        for _ in 0..<field.leafCount {
            columns[column].append(.null, definition: definition, repetition: repetition)
            column += 1
        }
    }
}

extension NestedField {
    var leafCount: Int {
        if case .group(let fields) = kind { return fields.reduce(0) { $0 + $1.leafCount } }
        return element?.fields.reduce(0) { $0 + $1.leafCount } ?? 1
    }
}
