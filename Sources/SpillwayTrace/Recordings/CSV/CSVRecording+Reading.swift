internal import SpillwayModel

extension CSVRecording {
    public func readSlice(_ index: Int, into slice: inout TraceSlice) throws(TraceError) {
        let part = parts[index]
        var bytes: [UInt8] = []
        swap(&bytes, &slice.bytes)
        defer { swap(&bytes, &slice.bytes) }
        try source.read(part.byteCount, at: part.offset, into: &bytes)
        bytes.appendCSVPadding()
        // A bad row is read to where the next good one goes, also behind the last.
        slice.resize(to: part.rowCount + 1)
        var rejected = PartRejections(part)
        try bytes.withUnsafeBufferPointer { (bytes) throws(TraceError) in
            try read(UnsafeRawBufferPointer(bytes), part, into: &slice, &rejected)
        }
        slice.resize(to: part.rowCount)
        constants.fill(&slice) { !layout.columns.contains($0) }
        rejectedRows?.record(rejected.count, of: index, first: rejected.examples)
    }

    private func read(
        _ bytes: UnsafeRawBufferPointer, _ part: Part, into slice: inout TraceSlice, _ rejected: inout PartRejections
    ) throws(TraceError) {
        var reader = CSVRecordReader(CSVRecordingCursor(bytes), layout)
        var arrivedAt = part.arrivedBefore
        let hasArrivals = layout.columns.contains(.arrivedAt)
        var row = 0
        while !reader.isAtEnd {
            let start = reader.cursor.position
            if let problem = reader.read(into: &slice, at: row) {
                let line = rejected.line(at: start, of: bytes)
                if layout.options.onError == .stop { throw .recording(layout.error(problem, line: line)) }
                rejected.append(problem, line: line, layout)
                continue
            }
            guard row < part.rowCount else { break }
            arrivedAt = max(arrivedAt, hasArrivals ? slice.arrivedAt[row] : slice.batch.registeredAt[row])
            slice.arrivedAt[row] = arrivedAt
            row += 1
        }
        guard reader.cursor.isAtEnd, row == part.rowCount else {
            throw .recording(
                RecordingError(
                    file: layout.path, row: part.firstLine, column: nil,
                    problem: "changed after it was opened: open it again"))
        }
    }
}

/// The rows of a part that were left out.
private struct PartRejections {
    private(set) var count = 0
    private(set) var examples: [RecordingError] = []
    /// A place in the part, and its line.
    private var position = 0
    private var line: Int

    init(_ part: CSVRecording.Part) { line = part.firstLine }

    /// The line at `start`: call in ascending order.
    mutating func line(at start: Int, of bytes: UnsafeRawBufferPointer) -> Int {
        line += UnsafeRawBufferPointer(rebasing: bytes[position..<start]).lineCount
        position = start
        return line
    }

    mutating func append(_ problem: CSVProblem, line: Int, _ layout: CSVRecordingLayout) {
        count += 1
        if examples.count < RejectedRows.maximumExamples { examples.append(layout.error(problem, line: line)) }
    }
}
