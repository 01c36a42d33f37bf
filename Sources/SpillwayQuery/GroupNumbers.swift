/// The group of each row of a source, as a ``GroupSpace`` numbers them; more than any group's number for a row that
/// does not count. What is per row is done here, column by column.
struct GroupNumbers {
    /// Memory of the largest source so far; the source's rows come first.
    private var values: [Int] = []
    private(set) var count = 0

    var span: Span<Int> {
        @_lifetime(borrow self) borrowing get { values.span.extracting(first: count) }
    }

    /// Puts all of `count` rows in group 0.
    mutating func reset(count: Int) {
        self.count = count
        if values.count < count {
            values = [Int](repeating: 0, count: count)
        } else {
            var values = values.mutableSpan
            for row in 0..<count { values[row] = 0 }
        }
    }

    /// Adds to each row the digit of its code.
    mutating func add(_ digits: [Int], of codes: [UInt16]) {
        let (digits, codes, count) = (digits.span, codes.span, count)
        var values = values.mutableSpan
        for row in 0..<count { values[row] &+= digits[Int(codes[row])] }
    }

    /// Adds to each row the digit of the bucket that its time is in, counted from the one that begins at `start`.
    /// No time is earlier.
    mutating func addBuckets(of times: [Int64], from start: Int64, width: Int64, stride: Int) {
        let bucket = BucketDivision(by: width)
        let (times, count) = (times.span, count)
        var values = values.mutableSpan
        for row in 0..<count {
            let offset = UInt64(bitPattern: times[row] &- start)
            values[row] &+= Int(truncatingIfNeeded: bucket(offset)) &* stride
        }
    }

    /// Excludes rows whose times are outside of `range`.
    mutating func exclude(_ times: [Int64], outside range: ClosedRange<Int64>) {
        let (first, last) = (range.lowerBound, range.upperBound)
        let (times, count) = (times.span, count)
        var values = values.mutableSpan
        for row in 0..<count {
            let isOutside = times[row] < first || times[row] > last
            values[row] &+= isOutside ? GroupSpace.excluded : 0
        }
    }
}
