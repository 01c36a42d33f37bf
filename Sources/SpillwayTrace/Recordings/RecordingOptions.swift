public import SpillwayModel

/// How the columns of a recording are found, and what becomes of rows that cannot be read.
public struct RecordingOptions: Sendable {
    public var mapping = RecordingMapping()
    public var identities = IdentityForm.number
    public var onError = BadRowPolicy.stop

    public init() {}
}

/// What a recording's identity column holds.
public enum IdentityForm: Sendable {
    /// Whole numbers: E.164 numbers with or without a leading `+`, or any other id of 64 bits.
    case number
    /// Any text or number: its bytes as text are hashed under the key (``Identity/init(hashing:key:)``).
    case hash(SipKey)
}

/// What becomes of a row that cannot be read.
public enum BadRowPolicy: String, Sendable, CaseIterable {
    /// The first one ends the reading, with an error that names it.
    case stop
    /// Bad rows are left out, counted, and the first of them kept: ``Trace/rejectedRows``.
    case skip
}

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
        }
    }

    func origin(of column: RecordingColumn) -> Origin { origins[column] ?? .column(column.rawValue) }
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
