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
