/// Where a recording's values come from: a column of the file under whatever name, or one value for all rows.
public struct RecordingMapping: Sendable, Hashable {
    enum Origin: Sendable, Hashable {
        case column(String)
        case constant(String)
    }
    /// Columns that are not here have their own name.
    private(set) var origins: [RecordingColumn: Origin] = [:]

    public init() {}

    /// Reads `identity=phone,registeredAt=created_at,country==IN`: a column of Spillway's, the file's column that it
    /// comes from; after a second `=`, the value of all rows.
    ///
    /// - Throws: ``RecordingMappingError`` that says what is wrong, and what is allowed.
    public init(_ text: String) throws(RecordingMappingError) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let equals = part.firstIndex(of: "=") else {
                throw RecordingMappingError(
                    problem: "found '\(part)'; pairs such as identity=phone are wanted, with commas between")
            }
            let name = String(part[..<equals])
            guard let column = RecordingColumn(mapped: name) else {
                throw RecordingMappingError(
                    problem: "there is no column '\(name)'; there are \(RecordingColumn.mappedNames)")
            }
            guard origins[column] == nil else {
                throw RecordingMappingError(problem: "found '\(name)' twice; once is allowed")
            }
            let origin = part[part.index(after: equals)...]
            guard let first = origin.first, origin != "=" else {
                throw RecordingMappingError(problem: "found nothing after '\(name)='; the file's column is wanted")
            }
            origins[column] = first == "=" ? .constant(String(origin.dropFirst())) : .column(String(origin))
            if let value = constant(of: column), let problem = RecordingConstants.problem(value, of: column) {
                throw RecordingMappingError(problem: "found '\(part)': \(problem)")
            }
        }
    }

    func origin(of column: RecordingColumn) -> Origin { origins[column] ?? .column(column.rawValue) }

    /// The value of all rows; nil if there is a column.
    func constant(of column: RecordingColumn) -> String? {
        if case .constant(let value) = origins[column] { value } else { nil }
    }
}

extension RecordingMapping: CustomStringConvertible {
    /// As it can be read again, in the order of columns; empty if all have their own name.
    public var description: String {
        let parts: [String] = RecordingColumn.allCases.compactMap { column in
            switch origins[column] {
            case nil: nil
            case .column(let name): "\(column.rawValue)=\(name)"
            case .constant(let value): "\(column.rawValue)==\(value)"
            }
        }
        return parts.joined(separator: ",")
    }
}

/// Why a mapping cannot be understood.
public struct RecordingMappingError: Error, Hashable, Sendable, CustomStringConvertible {
    public let problem: String
    public var description: String { problem }
}

extension RecordingColumn {
    /// Columns that a mapping may name: `registered_at`, or `registeredAt` as Swift has it.
    fileprivate static let mapped: [RecordingColumn] = allCases.filter { $0 != .region }

    fileprivate init?(mapped name: String) {
        let column = Self.mapped.first { $0.rawValue == name || "\($0)" == name }
        guard let column else { return nil }
        self = column
    }

    fileprivate static var mappedNames: String { mapped.map(\.rawValue).joined(separator: ", ") }
}
