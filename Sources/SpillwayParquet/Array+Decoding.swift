// Arrays that one column chunk after the other is decoded into: they hold as many values as the largest had, and those
// of the last one come first.
extension Array where Element: FixedWidthInteger {
    /// Appends zeroes until there are at least `count` elements.
    @inlinable package mutating func grow(to count: Int) {
        if self.count < count { append(contentsOf: repeatElement(0, count: count - self.count)) }
    }

    /// - Precondition: there are `count` elements.
    @inlinable package mutating func withFirst<Result, Failure: Error>(
        _ count: Int, _ body: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeMutableBufferPointer { (buffer) throws(Failure) in
            try body(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
