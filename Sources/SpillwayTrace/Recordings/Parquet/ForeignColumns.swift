internal import SpillwayInterchange
internal import SpillwayModel
internal import SpillwayPlatform

/// Where the columns of a recording are in a file that another program wrote.
struct ForeignColumns: Sendable {
    enum Origin: Sendable {
        case column(InterchangeColumn)
        /// Of all rows; nil is null.
        case constant(String?)
    }
    /// Without those that are missing and may be.
    private let origins: [RecordingColumn: Origin]
    private let mapping: RecordingMapping

    /// - Parameter constants: of the file as a whole, by name; a column of the file goes before.
    init(
        _ file: InterchangeFile, _ options: RecordingOptions, _ constants: [String: String?]
    ) throws(TraceError) {
        mapping = options.mapping
        var origins: [RecordingColumn: Origin] = [:]
        for column in RecordingColumn.allCases where column != .region {
            do throws(ColumnProblem) {
                origins[column] = try Self.origin(column, file, options.mapping, constants)
            } catch {
                throw .recording(
                    RecordingError(
                        file: file.file.path, row: nil, column: Self.name(column, options.mapping),
                        problem: error.problem))
            }
        }
        self.origins = origins
    }

    subscript(column: RecordingColumn) -> Origin? { origins[column] }

    /// The column that says when attempts arrive.
    var arrivals: RecordingColumn { origins[.arrivedAt] == nil ? .registeredAt : .arrivedAt }

    /// The file's name for a column, as messages have it.
    func name(_ column: RecordingColumn) -> String { Self.name(column, mapping) }

    private static func name(_ column: RecordingColumn, _ mapping: RecordingMapping) -> String {
        guard case .column(let name) = mapping.origin(of: column) else { return column.rawValue }
        return name
    }

    private struct ColumnProblem: Error { let problem: String }

    private static func origin(
        _ column: RecordingColumn, _ file: InterchangeFile, _ mapping: RecordingMapping, _ constants: [String: String?]
    ) throws(ColumnProblem) -> Origin? {
        switch mapping.origin(of: column) {
        case .constant(let text):
            guard column.takes(text) else {
                throw ColumnProblem(problem: "found '\(text)' as the value of all rows; \(column.wanted) is wanted")
            }
            return .constant(text)
        case .column(let name):
            let found = file.columns(named: name)
            guard found.count <= 1 else { throw ColumnProblem(problem: "there are \(found.count) columns of the name") }
            if let found = found.first {
                guard !found.isRepeated else { throw ColumnProblem(problem: "is a list; \(column.wanted) is wanted") }
                if found.type == .nothing { return .constant(nil) }
                guard column.takes(found.type) else {
                    throw ColumnProblem(problem: "is of type \(found.type); \(column.wanted) is wanted")
                }
                return .column(found)
            }
            if let constant = constants[name] { return .constant(constant) }
            if name == column.rawValue, column.mayBeMissing { return nil }
            throw ColumnProblem(problem: missing(column, name, file))
        }
    }

    private static func missing(_ column: RecordingColumn, _ name: String, _ file: InterchangeFile) -> String {
        let names = file.columns.prefix(20).map(\.name).joined(separator: ", ") + (file.columns.count > 20 ? ", …" : "")
        let hint = name == column.rawValue ? "; say which one it is, as in --map \(name)=NAME" : ""
        return "is missing: there are \(names)\(hint)"
    }
}

extension RecordingColumn {
    /// Whether values of a type can be made the column's.
    fileprivate func takes(_ type: InterchangeType) -> Bool {
        switch (self, type) {
        case (_, .other): false
        case (.country, _), (.region, _), (.platform, _), (.source, _): type == .text
        case (.identity, .timestamp), (.identity, .date), (.latencyUs, .timestamp), (.latencyUs, .date): false
        case (.registeredAt, .real), (.arrivedAt, .real): false
        default: true
        }
    }

    /// Whether a text can be made a value of the column's.
    fileprivate func takes(_ text: String) -> Bool {
        var values = RecordingText()
        return Array(text.utf8).withUnsafeBytes { text in
            switch self {
            case .registeredAt, .arrivedAt: values.time(text) != nil
            case .latencyUs: values.latencyUs(text) != nil
            case .identity, .country, .region, .platform, .source: true
            }
        }
    }

    /// What a value is to be, for messages.
    var wanted: String {
        switch self {
        case .registeredAt, .arrivedAt: "a timestamp, or \(RecordingText.timeForms),"
        case .identity: "a whole number of 64 bits, or its digits, or with --identity hash any text or whole number,"
        case .country, .region, .platform, .source: "a string of UTF-8"
        case .latencyUs: "a whole number"
        }
    }
}
