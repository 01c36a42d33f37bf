internal import SpillwayModel

/// Reads records, one after the other, out of text that ends with one.
struct CSVRecordReader {
    private(set) var cursor: CSVRecordingCursor
    private var values = CSVRecordingValues()
    private let columns: CSVRecordingColumns
    private let arrivalField: Int
    private let identities: IdentityForm
    private let maximumRecordBytes: Int

    init(_ cursor: CSVRecordingCursor, _ layout: CSVRecordingLayout) {
        self.cursor = cursor
        columns = layout.columns
        arrivalField = layout.columns.arrivalField
        identities = layout.options.identities
        maximumRecordBytes = layout.maximumRecordBytes
    }

    /// Whether there are no more records. Passes over empty lines.
    var isAtEnd: Bool {
        mutating get {
            cursor.skipEmptyLines()
            return cursor.isAtEnd
        }
    }

    /// Reads the next record into row `row`; returns what is wrong with it, of which the row may then hold a part.
    ///
    /// - Precondition: not ``isAtEnd``
    @inline(__always)
    mutating func read(into slice: inout TraceSlice, at row: Int) -> CSVProblem? {
        let start = cursor.position
        do throws(CSVProblem) {
            for field in columns.fields.indices { try read(field, into: &slice, at: row) }
        } catch {
            return pass(from: start, error)
        }
        return cursor.position - start <= maximumRecordBytes ? nil : pass(from: start, nil)
    }

    /// Passes over the next record but for its time of arrival; returns what is wrong with the record, of which no more
    /// is looked at.
    ///
    /// - Precondition: not ``isAtEnd``
    @inline(__always)
    mutating func passRecord(time: inout Timestamp) -> CSVProblem? {
        let start = cursor.position
        do throws(CSVProblem) {
            for index in columns.fields.indices {
                let field = try next(index)
                if index == arrivalField { time = try self.time(field, index) }
            }
        } catch {
            return pass(from: start, error)
        }
        return cursor.position - start <= maximumRecordBytes ? nil : pass(from: start, nil)
    }

    /// Passes over the rest of a line; returns whether the text ends within it.
    mutating func passLine() -> Bool {
        cursor.passLine()
        return cursor.isCutOff
    }

    /// Goes to the end of a record that something is wrong with.
    @inline(never)
    private mutating func pass(from start: Int, _ problem: CSVProblem?) -> CSVProblem {
        switch cursor.passRecord(from: start, maximumBytes: maximumRecordBytes) {
        case .found: if let problem { return problem }
        case .unclosed:
            return CSVProblem(field: problem?.field, "quoted field without a closing quote", isUnclosed: true)
        case .tooFar: break
        }
        return CSVProblem("row of over \(maximumRecordBytes) bytes: a quote may not be closed")
    }
}

extension CSVRecordReader {
    @inline(__always)
    private mutating func next(_ index: Int) throws(CSVProblem) -> CSVRecordingCursor.Field {
        let field: CSVRecordingCursor.Field
        do throws(CSVProblem) {
            field = try cursor.field()
        } catch {
            throw CSVProblem(field: index, error.problem)
        }
        let count = columns.fields.count
        guard field.endsRecord == (index == count - 1) else {
            let found = field.endsRecord ? "\(index + 1) field\(index == 0 ? "" : "s")" : "more than \(count) fields"
            throw CSVProblem("\(found) where \(count) are wanted")
        }
        return field
    }

    @inline(__always)
    private mutating func read(_ index: Int, into slice: inout TraceSlice, at row: Int) throws(CSVProblem) {
        let field = try next(index)
        switch columns.fields[index] {
        case nil, .region: break
        case .registeredAt: slice.batch.registeredAt[row] = try time(field, index)
        case .arrivedAt: slice.arrivedAt[row] = try time(field, index)
        case .identity: slice.batch.identity[row] = try identity(field, index)
        case .country: slice.batch.country[row] = values.country(field.bytes)
        case .platform: slice.batch.platform[row] = try label(field, index)
        case .source: slice.batch.source[row] = try label(field, index)
        case .latencyUs:
            guard let latencyUs = values.latencyUs(field.bytes) else {
                throw CSVProblem(field: index, "\(quoted(field)) is no integer")
            }
            slice.batch.latencyUs[row] = latencyUs
        }
    }

    @inline(__always)
    private mutating func time(_ field: CSVRecordingCursor.Field, _ index: Int) throws(CSVProblem) -> Timestamp {
        guard let time = values.time(field.bytes) else {
            throw CSVProblem(field: index, "\(quoted(field)) is no time such as \(TimestampText.examples)")
        }
        return time
    }

    @inline(__always)
    private mutating func identity(
        _ field: CSVRecordingCursor.Field, _ index: Int
    ) throws(CSVProblem) -> Identity {
        switch identities {
        case .number:
            guard let identity = values.identity(field.bytes) else {
                throw CSVProblem(
                    field: index, "\(quoted(field)) is no integer of 64 bits; text needs --identity hash")
            }
            return identity
        case .hash(let key):
            guard let identity = values.identity(hashing: field, key: key) else {
                throw CSVProblem(field: index, field.bytes.isEmpty ? "is empty" : "is not UTF-8")
            }
            return identity
        }
    }

    @inline(__always)
    private mutating func label(_ field: CSVRecordingCursor.Field, _ index: Int) throws(CSVProblem) -> Label {
        guard let label = values.label(field) else { throw CSVProblem(field: index, "is not UTF-8") }
        return label
    }

    /// The field as messages show it: not all of it, if it is long.
    @inline(never)
    private func quoted(_ field: CSVRecordingCursor.Field) -> String {
        "'\(String(decoding: field.bytes.prefix(40), as: UTF8.self))\(field.bytes.count > 40 ? "…" : "")'"
    }
}
