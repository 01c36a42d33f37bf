/// Puts rows together out of columns whose levels may be damaged.
struct NestedAssembler {
    private let fields: [NestedField]
    private var cursors: [Cursor]

    init(_ fields: [NestedField], _ columns: [NestedColumn]) {
        precondition(columns.count == NestedLeaf.all(of: fields).count)
        self.fields = fields
        cursors = columns.map { Cursor(column: $0) }
    }

    /// The next row; nil if its columns do not fit each other.
    mutating func row() -> [NestedValue]? {
        var (row, first): ([NestedValue], Int) = ([], 0)
        for field in fields {
            guard let value = value(of: field, from: first, definition: 0, depth: 0) else { return nil }
            row.append(value)
            first += field.leafCount
        }
        return row
    }

    /// Whether every entry is part of a row.
    var isAtEnd: Bool { cursors.allSatisfy(\.isAtEnd) }

    /// The next value of a field whose first leaf is `first`, in a group of the given definition and that many lists;
    /// nil for damage.
    private mutating func value(
        of field: NestedField, from first: Int, definition: UInt8, depth: UInt8
    ) -> NestedValue? {
        guard let found = cursors[first].definition else { return nil }
        let present = definition + (field.isRequired ? 0 : 1)
        if found < present { return skip(field, from: first, definition: definition) ? .null : nil }
        switch field.kind {
        case .group(let fields):
            return group(fields, from: first, definition: present, depth: depth).map { .group($0) }
        case .list, .map:
            let fields = field.element?.fields ?? []
            if found == present { return skip(field, from: first, definition: present) ? .elements([]) : nil }
            var elements: [[NestedValue]] = []
            repeat {
                guard let element = group(fields, from: first, definition: present + 1, depth: depth + 1) else {
                    return nil
                }
                elements.append(element)
            } while cursors[first].repetition == depth + 1
            return .elements(elements)
        default: return cursors[first].next()
        }
    }

    private mutating func group(
        _ fields: [NestedField], from first: Int, definition: UInt8, depth: UInt8
    ) -> [NestedValue]? {
        var (values, leaf): ([NestedValue], Int) = ([], first)
        for field in fields {
            guard let value = value(of: field, from: leaf, definition: definition, depth: depth) else { return nil }
            values.append(value)
            leaf += field.leafCount
        }
        return values
    }

    /// Passes over an entry without a value in every leaf of the field; false if they do not say so.
    private mutating func skip(_ field: NestedField, from first: Int, definition: UInt8) -> Bool {
        for leaf in first..<first + field.leafCount {
            guard cursors[leaf].definition == definition, cursors[leaf].next() == .null else { return false }
        }
        return true
    }

    private struct Cursor {
        let column: NestedColumn
        private var entry = 0
        private var value = 0

        init(column: NestedColumn) { self.column = column }

        var isAtEnd: Bool { entry == column.definitions.count && value == column.values.count }

        /// Of the next entry; nil at the end.
        var definition: UInt8? { entry < column.definitions.count ? column.definitions[entry] : nil }
        var repetition: UInt8? { entry < column.repetitions.count ? column.repetitions[entry] : nil }

        mutating func next() -> NestedValue? {
            guard let definition else { return nil }
            entry += 1
            guard definition == column.leaf.maxDefinition else { return .null }
            guard value < column.values.count else { return nil }
            value += 1
            return column.values[value - 1]
        }
    }
}
