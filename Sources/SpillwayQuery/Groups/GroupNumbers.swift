import SpillwayParquet

/// The group of each row of a source that counts, as a ``GroupSpace`` numbers them: the number of the run that the row
/// is in, from columns that come in runs, and on top of it the row's own, from others. What is per row is done here,
/// column by column.
struct GroupNumbers {
    /// Rows one after the other that agree in all columns that come in runs.
    struct Run {
        var number: Int
        var rows: Range<Int>
    }

    /// In order of row. Rows that are in none do not count.
    private(set) var runs: [Run] = []
    /// Whether rows have numbers of their own; more than any group's in a row that does not count.
    private(set) var isPerRow = false
    /// Memory of the largest source so far; the source's rows come first.
    private var values: [Int] = []
    private var count = 0

    /// What goes on top of the run's number, if ``isPerRow``.
    var span: Span<Int> {
        @_lifetime(borrow self) borrowing get { values.span.extracting(first: count) }
    }

    /// Whether any of the rows may count.
    func counts(anyOf rows: Range<Int>) -> Bool {
        runs.touching(rows).contains { run in
            !isPerRow || values[run.rows.clamped(to: rows)].contains { $0 < GroupSpace.excluded }
        }
    }

    var rowCount: Int { runs.reduce(0) { $0 + $1.rows.count } }

    /// Puts all of `count` rows in group 0.
    mutating func reset(count: Int) {
        self.count = count
        isPerRow = false
        runs = [Run(number: 0, rows: 0..<count)]
    }

    /// Adds to each row the digit of its code, and leaves out the rows whose digit excludes them.
    mutating func add(_ digits: [Int], of codes: [CodeRun]) {
        var (divided, next, end) = ([Run](), 0, 0)
        var digit = 0
        for run in runs {
            var row = run.rows.lowerBound
            while row < run.rows.upperBound {
                while end <= row {
                    digit = digits[Int(codes[next].code)]
                    end += codes[next].count
                    next += 1
                }
                let part = row..<min(end, run.rows.upperBound)
                row = part.upperBound
                if digit != GroupSpace.excluded { divided.append(Run(number: run.number + digit, rows: part)) }
            }
        }
        runs = divided
    }

    /// Adds to each row the digit of its code.
    mutating func add(_ digits: [Int], of codes: [UInt16]) {
        numberRows()
        let (digits, codes, runs) = (digits.span, codes.span, runs)
        var values = values.mutableSpan
        for run in runs {
            for row in run.rows { values[row] &+= digits[Int(codes[row])] }
        }
    }

    /// Adds to each row the digit of the bucket that its time is in, counted from the one that begins at `start`.
    /// No time of a row that counts is earlier.
    mutating func addBuckets(of times: [Int64], from start: Int64, width: Int64, stride: Int) {
        numberRows()
        let bucket = BucketDivision(by: width)
        let (times, runs) = (times.span, runs)
        var values = values.mutableSpan
        for run in runs {
            // Of others the time means nothing.
            for row in run.rows where values[row] < GroupSpace.excluded {
                let offset = UInt64(bitPattern: times[row] &- start)
                values[row] &+= Int(truncatingIfNeeded: bucket(offset)) &* stride
            }
        }
    }

    /// Excludes rows whose value is outside of a range.
    mutating func exclude<Value: ColumnInteger>(_ column: [Value], outside range: RangeFilter) {
        numberRows()
        let (column, runs) = (column.span, runs)
        var values = values.mutableSpan
        for run in runs {
            for row in run.rows { values[row] &+= range.contains(Int64(column[row])) ? 0 : GroupSpace.excluded }
        }
    }

    private mutating func numberRows() {
        if isPerRow { return }
        isPerRow = true
        if values.count < count { return values = [Int](repeating: 0, count: count) }
        let runs = runs
        var values = values.mutableSpan
        for run in runs {
            for row in run.rows { values[row] = 0 }
        }
    }
}

extension [GroupNumbers.Run] {
    /// Those that have any of the rows.
    func touching(_ rows: Range<Int>) -> ArraySlice<Element> {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle].rows.upperBound <= rows.lowerBound { low = middle + 1 } else { high = middle }
        }
        return self[low...].prefix { $0.rows.lowerBound < rows.upperBound }
    }

    func counts(anyOf rows: Range<Int>) -> Bool { !touching(rows).isEmpty }
}
