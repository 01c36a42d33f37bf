extension RandomAccessCollection where Element == Int64, Index == Int {
    /// The first index whose element is not below `value`, in an ascending collection.
    func lowerBound(_ value: Int64) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func sortedContains(_ value: Int64) -> Bool {
        let index = lowerBound(value)
        return index < endIndex && self[index] == value
    }

    /// The elements of an ascending collection in a range; all if there is none.
    func part(in range: ClosedRange<Int64>?) -> SubSequence {
        guard let range else { return self[...] }
        let low = lowerBound(range.lowerBound)
        let high = range.upperBound == .max ? endIndex : lowerBound(range.upperBound + 1)
        return self[low..<Swift.max(low, high)]
    }
}
