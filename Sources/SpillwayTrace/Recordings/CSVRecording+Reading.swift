internal import SpillwayModel
internal import SpillwayPlatform

extension CSVRecording {
    public func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        let part = parts[index]
        var bytes: [UInt8] = []
        swap(&bytes, &slice.bytes)
        defer { swap(&bytes, &slice.bytes) }
        _ = try file.readPadded(part.byteCount, at: part.offset, into: &bytes)
        slice.resize(to: part.rowCount)
        try bytes.withUnsafeBufferPointer { (bytes) throws(TraceError) in
            try parse(UnsafeRawBufferPointer(bytes), part, into: &slice)
        }
    }

    private func parse(
        _ bytes: UnsafeRawBufferPointer, _ part: Part, into slice: inout TraceSlice
    ) throws(TraceError) {
        var cursor = CSVRecordingCursor(bytes)
        var values = CSVRecordingValues()
        var arrivedAt = part.arrivedBefore
        let hasArrivals = columns.contains(.arrivedAt)
        var row = 0
        cursor.skipEmptyLines()
        while !cursor.isAtEnd, row < part.rowCount {
            let start = cursor.position
            do throws(CSVProblem) {
                for index in columns.indices {
                    try cursor.read(index, columns, &values, into: &slice, at: row)
                }
            } catch {
                throw file.error(error, columns: columns, in: bytes, at: start, firstLine: part.firstLine)
            }
            arrivedAt = max(arrivedAt, hasArrivals ? slice.arrivedAt[row] : slice.batch.registeredAt[row])
            slice.arrivedAt[row] = arrivedAt
            row += 1
            cursor.skipEmptyLines()
        }
        guard cursor.isAtEnd, row == part.rowCount else {
            throw .recording(
                RecordingError(
                    file: file.path, row: part.firstLine, column: nil,
                    problem: "changed after it was opened: open it again"))
        }
    }
}

extension CSVRecordingCursor {
    /// The next field, which is the one in column `index` of `count`.
    @inline(__always)
    mutating func field(_ index: Int, of count: Int) throws(CSVProblem) -> Field {
        let field: Field
        do throws(CSVProblem) {
            field = try self.field()
        } catch {
            throw CSVProblem(column: index, error.problem)
        }
        guard field.endsRecord == (index == count - 1) else {
            throw CSVProblem(
                "\(field.endsRecord ? "\(index + 1)" : "more than \(count)") fields for \(count) columns")
        }
        return field
    }

    /// Reads the next field into row `row`.
    @inline(__always)
    fileprivate mutating func read(
        _ index: Int, _ columns: [RecordingColumn], _ values: inout CSVRecordingValues,
        into slice: inout TraceSlice, at row: Int
    ) throws(CSVProblem) {
        let field = try field(index, of: columns.count)
        let text = field.bytes
        switch columns[index] {
        case .registeredAt:
            guard let time = values.time(text) else { throw CSVProblem(column: index, notATime(field)) }
            slice.batch.registeredAt[row] = time
        case .arrivedAt:
            guard let time = values.time(text) else { throw CSVProblem(column: index, notATime(field)) }
            slice.arrivedAt[row] = time
        case .identity:
            guard let identity = values.identity(text) else {
                throw CSVProblem(column: index, "\(quoted(field)) is no integer of 64 bits")
            }
            slice.batch.identity[row] = identity
        case .country: slice.batch.country[row] = values.country(text)
        case .region: break
        case .platform:
            guard let label = values.label(field) else { throw CSVProblem(column: index, "is not UTF-8") }
            slice.batch.platform[row] = label
        case .source:
            guard let label = values.label(field) else { throw CSVProblem(column: index, "is not UTF-8") }
            slice.batch.source[row] = label
        case .latencyUs:
            guard let latencyUs = values.latencyUs(text) else {
                throw CSVProblem(column: index, "\(quoted(field)) is no integer")
            }
            slice.batch.latencyUs[row] = latencyUs
        }
    }

    @inline(never)
    func notATime(_ field: Field) -> String {
        "\(quoted(field)) is no RFC 3339 time such as 2021-10-04T15:40:00Z"
    }

    /// The field as messages show it: not all of it, if it is long.
    @inline(never)
    private func quoted(_ field: Field) -> String {
        "'\(String(decoding: field.bytes.prefix(40), as: UTF8.self))\(field.bytes.count > 40 ? "…" : "")'"
    }
}
