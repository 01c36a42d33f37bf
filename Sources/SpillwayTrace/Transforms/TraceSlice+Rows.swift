internal import SpillwayModel

extension TraceSlice {
    /// Leaves only these rows.
    mutating func keep(_ rows: Range<Int>) {
        guard rows != 0..<count else { return }
        batch.registeredAt.keep(rows)
        batch.identity.keep(rows)
        batch.country.keep(rows)
        batch.platform.keep(rows)
        batch.source.keep(rows)
        batch.latencyUs.keep(rows)
        arrivedAt.keep(rows)
    }

    /// Has row i be what row `rows[i]` was.
    ///
    /// - Precondition: `rows` never decreases, and either none of them is greater than its index or none is less.
    mutating func gather(_ rows: [UInt64], count: Int) {
        batch.registeredAt.gather(rows, count: count)
        batch.identity.gather(rows, count: count)
        batch.country.gather(rows, count: count)
        batch.platform.gather(rows, count: count)
        batch.source.gather(rows, count: count)
        batch.latencyUs.gather(rows, count: count)
        arrivedAt.gather(rows, count: count)
    }

    /// How many rows arrive before `time`.
    ///
    /// - Complexity: O(log rows)
    func rows(before time: Timestamp) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if arrivedAt[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Array {
    fileprivate mutating func keep(_ rows: Range<Int>) {
        removeLast(count - rows.upperBound)
        removeFirst(rows.lowerBound)
    }

    /// In place: values move to the right from the last one on, to the left from the first one on.
    fileprivate mutating func gather(_ rows: [UInt64], count newCount: Int) {
        guard let filler = first else { return }
        let isSpread = newCount > count
        if isSpread { resize(to: newCount, filler: filler) }
        withUnsafeMutableBufferPointer { values in
            if isSpread {
                for row in stride(from: newCount - 1, through: 0, by: -1) { values[row] = values[Int(rows[row])] }
            } else {
                for row in 0..<newCount { values[row] = values[Int(rows[row])] }
            }
        }
        if !isSpread { resize(to: newCount, filler: filler) }
    }
}
