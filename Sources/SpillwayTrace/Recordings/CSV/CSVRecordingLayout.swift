/// What is known of a CSV file before its rows are read.
struct CSVRecordingLayout: Sendable {
    /// As messages name the file.
    let path: String
    let columns: CSVRecordingColumns
    let options: RecordingOptions
    /// A longer row is a bad one.
    let maximumRecordBytes: Int

    /// An error of the record that begins at `line`.
    func error(_ problem: CSVProblem, line: Int) -> RecordingError {
        RecordingError(file: path, row: line, column: problem.field.map(columns.name), problem: problem.problem)
    }
}

extension UnsafeRawBufferPointer {
    /// Line feeds.
    var lineCount: Int {
        var count = 0
        // Unchecked, so that it is done for many bytes at a time.
        for byte in self { count &+= byte == .lineFeed ? 1 : 0 }
        return count
    }
}
