internal import SpillwayModel
internal import SpillwayPlatform

/// One pass over a CSV file that finds its columns and where it can be cut.
struct CSVRecordingScan {
    private(set) var columns: [RecordingColumn] = []
    private(set) var parts: [CSVRecording.Part] = []
    private(set) var fingerprint: UInt64 = 0

    private let file: any File
    private var hash = RecordingFingerprint()
    private var values = CSVRecordingValues()
    private var line = 1
    private var arrivedBefore = Timestamp(rawValue: .min)

    init(_ file: any File, partBytes: Int) throws(TraceError) {
        self.file = file
        let size: UInt64
        do throws(SystemError) { size = try file.size() } catch { throw .system(error) }
        var bytes: [UInt8] = []
        var offset: UInt64 = 0
        while offset < size || columns.isEmpty {
            let count = try file.readPadded(partBytes, at: offset, into: &bytes)
            let isLast = offset + UInt64(count) >= size || count < partBytes
            let consumed = try bytes.withUnsafeBufferPointer { (bytes) throws(TraceError) in
                try scan(UnsafeRawBufferPointer(bytes), at: offset, isLast: isLast)
            }
            offset += UInt64(consumed)
            if isLast { break }
        }
        fingerprint = hash.value(fileSize: offset)
    }

    /// Scans the whole records among `bytes`; returns how many bytes they take.
    private mutating func scan(
        _ bytes: UnsafeRawBufferPointer, at offset: UInt64, isLast: Bool
    ) throws(TraceError) -> Int {
        let count = bytes.count - CSVRecordingCursor.padding
        var cursor = CSVRecordingCursor(bytes)
        if columns.isEmpty { try readHeader(bytes, &cursor, isLast: isLast) }
        let start = min(cursor.position, count)
        var part = CSVRecording.Part(
            offset: offset + UInt64(start), byteCount: 0, rowCount: 0,
            firstLine: line + UnsafeRawBufferPointer(rebasing: bytes[..<start]).lineCount,
            arrivedBefore: arrivedBefore)
        var end = start
        while true {
            cursor.skipEmptyLines()
            if !cursor.isCutOff { end = cursor.position }
            if cursor.isAtEnd { break }
            do throws(CSVProblem) {
                let arrivedAt = try cursor.skipRecord(columns, timeIn: arrivalColumn, &values)
                if cursor.isCutOff, !isLast { break }
                arrivedBefore = max(arrivedBefore, arrivedAt)
            } catch {
                if cursor.isCutOff, !isLast { break }
                throw file.error(error, columns: columns, in: bytes, at: end, firstLine: line)
            }
            part.rowCount += 1
            end = min(cursor.position, count)
        }
        guard end > 0 || isLast else {
            throw file.error(
                CSVProblem("row of over \(count) bytes: a quote may not be closed"), columns: columns,
                in: bytes,
                at: 0, firstLine: line)
        }
        let consumed = UnsafeRawBufferPointer(rebasing: bytes[..<(isLast ? count : end)])
        hash.combine(consumed)
        line += consumed.lineCount
        part.byteCount = end - start
        if part.rowCount > 0 { parts.append(part) }
        return consumed.count
    }

    private var arrivalColumn: Int {
        columns.firstIndex(of: .arrivedAt) ?? columns.firstIndex(of: .registeredAt) ?? 0
    }

    private mutating func readHeader(
        _ bytes: UnsafeRawBufferPointer, _ cursor: inout CSVRecordingCursor, isLast: Bool
    ) throws(TraceError) {
        do throws(CSVProblem) {
            let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
            if bytes.starts(with: byteOrderMark) {
                cursor = CSVRecordingCursor(bytes, from: byteOrderMark.count)
            }
            guard !cursor.isAtEnd else {
                throw CSVProblem("empty: the first line names the columns: \(RecordingColumn.names)")
            }
            columns = try cursor.header()
            if cursor.isCutOff, !isLast { throw CSVProblem("the first line is too long to name columns") }
        } catch {
            throw .recording(RecordingError(file: file.path, row: 1, column: nil, problem: error.problem))
        }
    }
}

extension CSVRecordingCursor {
    /// The record that names the columns.
    fileprivate mutating func header() throws(CSVProblem) -> [RecordingColumn] {
        var columns: [RecordingColumn] = []
        while true {
            let field = try field()
            let name = String(decoding: field.bytes.prefix(64), as: UTF8.self)
            guard let column = RecordingColumn(rawValue: name) else {
                throw CSVProblem("column '\(name)' is none of \(RecordingColumn.names)")
            }
            guard !columns.contains(column) else { throw CSVProblem("column \(name) is there twice") }
            columns.append(column)
            if field.endsRecord { break }
        }
        for column in RecordingColumn.allCases where column.isRequired && !columns.contains(column) {
            throw CSVProblem("column \(column.rawValue) is missing")
        }
        return columns
    }

    /// Passes over a record but for the time in one of its columns.
    fileprivate mutating func skipRecord(
        _ columns: [RecordingColumn], timeIn timeColumn: Int, _ values: inout CSVRecordingValues
    ) throws(CSVProblem) -> Timestamp {
        var time: Timestamp?
        for index in columns.indices {
            let field = try field(index, of: columns.count)
            guard index == timeColumn else { continue }
            time = values.time(field.bytes)
            if time == nil { throw CSVProblem(column: index, notATime(field)) }
        }
        return time ?? Timestamp(rawValue: 0)
    }
}
