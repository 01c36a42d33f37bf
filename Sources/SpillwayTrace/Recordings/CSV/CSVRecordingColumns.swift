internal import SpillwayModel

/// Which field of a row is which column's.
struct CSVRecordingColumns: Sendable {
    /// By field; nil for those that are not read.
    let fields: [RecordingColumn?]
    /// By field, as the file has them.
    private let names: [String]

    /// The columns that a file whose header has these names can give, under a mapping.
    init(named names: [String], mapping: RecordingMapping) throws(CSVProblem) {
        var fields = [RecordingColumn?](repeating: nil, count: names.count)
        for column in RecordingColumn.allCases where column != .region {
            guard case .column(let name) = mapping.origin(of: column) else { continue }
            let indices = names.indices.filter { names[$0] == name }
            guard indices.count <= 1 else { throw CSVProblem("column \(name) is there twice") }
            guard let index = indices.first else {
                if column.mayBeMissing, name == column.rawValue { continue }
                throw Self.missing(column, name: name, names)
            }
            if let other = fields[index] {
                throw CSVProblem(
                    "column \(name) is asked for as \(other.rawValue) and as \(column.rawValue): map one of them elsewhere"
                )
            }
            fields[index] = column
        }
        self.fields = fields
        self.names = names
    }

    private static func missing(_ column: RecordingColumn, name: String, _ names: [String]) -> CSVProblem {
        let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
        let hint =
            name == column.rawValue ? ": name the one that it is in, as in --map \(column.rawValue)=NAME" : ""
        return CSVProblem("column \(name) is missing among \(shown)\(hint)")
    }

    func contains(_ column: RecordingColumn) -> Bool { fields.contains(column) }

    /// The field that says when attempts arrive.
    var arrivalField: Int {
        fields.firstIndex(of: .arrivedAt) ?? fields.firstIndex(of: .registeredAt) ?? 0
    }

    func name(_ field: Int) -> String { names[field] }
}

extension CSVRecordingCursor {
    /// The names in the record that begins a file.
    mutating func header() throws(CSVProblem) -> [String] {
        var names: [String] = []
        while true {
            let field = try field()
            let bytes = field.hasDoubledQuotes ? CSVRecordingValues.unquoted(field.bytes) : Array(field.bytes)
            names.append(String(decoding: bytes.prefix(Self.maximumNameBytes), as: UTF8.self))
            if field.endsRecord { break }
            guard names.count < Self.maximumNames else {
                throw CSVProblem("more than the \(Self.maximumNames) columns that a row may have")
            }
        }
        let others: [Character] = [";", "\t", "|"]
        if names.count == 1, let other = others.first(where: names[0].contains) {
            throw CSVProblem(
                "columns have \(other == "\t" ? "tabs" : "'\(other)'") between them: export the file with commas")
        }
        return names
    }

    // So that no file takes more memory than its rows.
    private static let maximumNameBytes = 256
    private static let maximumNames = 16_384
}
