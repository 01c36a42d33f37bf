/// Numbers the groups that the rows of one row group can be in, 0 ..< ``size``, so that counting them is adding up
/// an array: each grouping column and time is a digit of its own radix, and a row's number the sum of its digits.
struct GroupSpace {
    private struct Digit {
        /// Number in the result's ``NameTable`` of each of the digit's values.
        var names: [UInt16]
        var stride: Int
        /// Where the name's number is in a ``GroupKey``.
        var shift: UInt64
    }

    private(set) var size = 1
    private var digits: [Digit] = []
    private var time: (firstBucket: Int64, stride: Int)?

    /// A digit of rows that do not count: with it a row's number is no group's.
    static let excluded = Int.max >> 4

    /// Adds a grouping column, of which as many `follow` in the result, whose codes stand for `names`; returns the
    /// digit's stride.
    mutating func append(names: [UInt16], columnsAfter follow: Int) throws(QueryError) -> Int {
        let stride = try grow(by: names.count)
        digits.append(Digit(names: names, stride: stride, shift: UInt64(16 * follow)))
        return stride
    }

    /// Adds time, in `count` buckets from a first one on; returns the digit's stride.
    mutating func append(bucketCount count: Int, from first: Int64) throws(QueryError) -> Int {
        let stride = try grow(by: count)
        time = (first, stride)
        return stride
    }

    private mutating func grow(by count: Int) throws(QueryError) -> Int {
        let stride = size
        let (size, overflow) = stride.multipliedReportingOverflow(by: max(1, count))
        guard !overflow, size <= Self.excluded else { throw .tooManyGroups }
        self.size = size
        return stride
    }

    /// The group with this number.
    func key(of number: Int) -> GroupKey {
        var rest = number
        var bucket: Int64 = 0
        if let time {
            // Time is the last digit, so the highest.
            bucket = time.firstBucket + Int64(rest / time.stride)
            rest %= time.stride
        }
        let values = digits.reduce(UInt64(0)) { values, digit in
            values | UInt64(digit.names[rest / digit.stride % digit.names.count]) << digit.shift
        }
        return GroupKey(values: values, bucket: bucket)
    }
}
