internal import SpillwayPlatform

/// Numbers the sources of a recording, for the report of the rows that they leave out.
struct ParquetRejections {
    /// Nil unless rows may be left out.
    let rows: RejectedRows?
    private var sourceCount = 0

    init(_ options: RecordingOptions) {
        rows = options.onError == .skip ? RejectedRows() : nil
    }

    mutating func nextSource() -> Int {
        defer { sourceCount += 1 }
        return sourceCount
    }
}

/// The rows among those read at a time that cannot be taken.
struct BadRows {
    /// For each row; empty as long as none is.
    private(set) var isBad: [Bool] = []
    private(set) var count = 0
    /// The first ones, in order.
    private(set) var first: [RecordingError] = []

    private let file: String
    /// Of the file, from 1.
    private let firstRow: Int
    private let rowCount: Int

    init(file: String, firstRow: Int, rowCount: Int) {
        self.file = file
        self.firstRow = firstRow
        self.rowCount = rowCount
    }

    /// Adds a row; of several problems of one row, the first that is found stays.
    ///
    /// - Parameters:
    ///   - row: from 0, among those read.
    ///   - problem: what was found, and what is wanted.
    mutating func add(_ row: Int, column: String, _ problem: @autoclosure () -> String) {
        if isBad.isEmpty { isBad = [Bool](repeating: false, count: rowCount) }
        if isBad[row] { return }
        isBad[row] = true
        count += 1
        let number = firstRow + row
        let place = first.firstIndex { number < $0.row ?? 0 } ?? first.count
        guard place < RejectedRows.maximumExamples else { return }
        first.insert(RecordingError(file: file, row: number, column: column, problem: problem()), at: place)
        if first.count > RejectedRows.maximumExamples { first.removeLast() }
    }
}
