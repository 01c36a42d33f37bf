extension ResultTable {
    /// An array of an object for each row; members that have no value are left out.
    var json: JSON { .array((0..<rowCount).map(object)) }

    /// The rows' objects, one a line: NDJSON, also known as JSON Lines.
    var ndjson: String {
        var text = ""
        for row in 0..<rowCount { text += object(row).rendered() }
        return text
    }

    private func object(_ row: Int) -> JSON {
        var members: [JSON.Member] = []
        for column in columns {
            let value = column.values.json(row)
            guard let point = column.key.firstIndex(of: ".") else {
                if let value { members.append(.init(key: column.key, value: value)) }
                continue
            }
            let (outer, inner) = (String(column.key[..<point]), String(column.key[column.key.index(after: point)...]))
            let member = value.map { [JSON.Member(key: inner, value: $0)] } ?? []
            if let last = members.last, last.key == outer, case .object(let others) = last.value {
                members[members.count - 1].value = .object(others + member)
            } else {
                members.append(.init(key: outer, value: .object(member)))
            }
        }
        return .object(members)
    }
}
