internal import SpillwayModel

/// One pass over the text of a CSV file that finds its columns and where it can be cut.
///
/// Where bad rows are left out, it reads all of each row, so that a part's number of rows is known, and no bad row's time
/// delays those behind it; otherwise no more than the time of arrival.
struct CSVRecordingScan {
    let layout: CSVRecordingLayout
    private(set) var parts: [CSVRecording.Part] = []
    private(set) var fingerprint: UInt64 = 0

    private var hash = RecordingFingerprint()
    private var line = 1
    private var arrivedBefore = Timestamp(rawValue: .min)
    /// The rest of a row that is too long is still to be passed over.
    private var isInLongRow = false
    /// For rows that are read to find out whether they can be.
    private var row = TraceSlice()

    init(
        _ source: CSVRecordingSource, path: String, options: RecordingOptions, partBytes: Int, maximumRecordBytes: Int
    ) throws(TraceError) {
        let text = CSVReadAhead(source, chunkBytes: partBytes)
        defer { text.close() }
        var bytes: [UInt8] = []
        var isLast = try !text.append(to: &bytes)
        bytes.appendCSVPadding()
        let header = try bytes.withUnsafeBufferPointer { (bytes) throws(TraceError) in
            try Self.header(UnsafeRawBufferPointer(bytes), isLast: isLast, path, options)
        }
        layout = CSVRecordingLayout(
            path: path, columns: header.columns, options: options, maximumRecordBytes: maximumRecordBytes)
        row.resize(to: 1)
        var start = header.byteCount
        // Of the first of the bytes.
        var offset: UInt64 = 0
        while true {
            let consumed = try bytes.withUnsafeBufferPointer { (bytes) throws(TraceError) in
                try scan(UnsafeRawBufferPointer(bytes), from: start, at: offset, isLast: isLast)
            }
            offset += UInt64(consumed)
            if isLast { break }
            bytes.removeCSVPadding()
            bytes.removeFirst(consumed)
            isLast = try !text.append(to: &bytes)
            bytes.appendCSVPadding()
            start = 0
        }
        options.combine(into: &hash)
        fingerprint = hash.value(fileSize: offset)
    }

    /// The columns, and how many bytes tell them.
    private static func header(
        _ bytes: UnsafeRawBufferPointer, isLast: Bool, _ path: String, _ options: RecordingOptions
    ) throws(TraceError) -> (columns: CSVRecordingColumns, byteCount: Int) {
        let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
        var cursor = CSVRecordingCursor(bytes, from: bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0)
        do throws(CSVProblem) {
            cursor.skipEmptyLines()
            guard !cursor.isAtEnd else {
                throw CSVProblem("empty: the first line names the columns: \(RecordingColumn.names)")
            }
            let names = try cursor.header()
            if cursor.isCutOff, !isLast { throw CSVProblem("the first line is too long to name columns") }
            let columns = try CSVRecordingColumns(named: names, mapping: options.mapping)
            return (columns, min(cursor.position, bytes.count - CSVRecordingCursor.padding))
        } catch {
            throw .recording(RecordingError(file: path, row: 1, column: nil, problem: error.problem))
        }
    }

    /// Scans the whole records from `start` on; returns how many bytes there are before one that is cut off.
    private mutating func scan(
        _ bytes: UnsafeRawBufferPointer, from start: Int, at offset: UInt64, isLast: Bool
    ) throws(TraceError) -> Int {
        let count = bytes.count - CSVRecordingCursor.padding
        var reader = CSVRecordReader(CSVRecordingCursor(bytes, from: start), layout)
        if isInLongRow { isInLongRow = reader.passLine() && !isLast }
        let first = min(reader.cursor.position, count)
        var part = CSVRecording.Part(
            offset: offset + UInt64(first), byteCount: 0, rowCount: 0, firstLine: line(at: first, of: bytes),
            arrivedBefore: arrivedBefore)
        var consumed = count
        while !reader.isAtEnd {
            let start = reader.cursor.position
            var arrivedAt = arrivedBefore
            let problem = pass(&reader, &arrivedAt)
            let isCutOff = reader.cursor.isCutOff && !isLast
            if isCutOff, count - start < layout.maximumRecordBytes {
                consumed = start
                break
            }
            if let problem {
                if layout.options.onError == .stop || problem.isUnclosed {
                    throw .recording(layout.error(problem, line: line(at: start, of: bytes)))
                }
                isInLongRow = isCutOff
            } else {
                part.rowCount += 1
                arrivedBefore = max(arrivedBefore, arrivedAt)
            }
            part.byteCount = min(reader.cursor.position, count) - first
        }
        // What follows a carriage return at the end says whether it ends an empty line.
        if consumed == count, reader.cursor.isCutOff, !isLast, !isInLongRow { consumed -= 1 }
        if part.byteCount > 0 { parts.append(part) }
        line = line(at: consumed, of: bytes)
        hash.combine(UnsafeRawBufferPointer(rebasing: bytes[..<consumed]))
        return consumed
    }

    /// Passes over a record; returns what is wrong with it, as far as that is looked at.
    @inline(__always)
    private mutating func pass(_ reader: inout CSVRecordReader, _ arrivedAt: inout Timestamp) -> CSVProblem? {
        guard layout.options.onError == .skip else { return reader.passRecord(time: &arrivedAt) }
        let problem = reader.read(into: &row, at: 0)
        arrivedAt = layout.columns.contains(.arrivedAt) ? row.arrivedAt[0] : row.batch.registeredAt[0]
        return problem
    }

    private func line(at position: Int, of bytes: UnsafeRawBufferPointer) -> Int {
        line + UnsafeRawBufferPointer(rebasing: bytes[..<position]).lineCount
    }
}
