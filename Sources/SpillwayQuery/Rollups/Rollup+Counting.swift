import SpillwayStore

extension Rollup {
    /// A series' cells of these minutes.
    func cells(of series: Series, in minutes: ClosedRange<Int64>) -> Range<Int> {
        let cells = series.cells
        if cells.isEmpty { return cells }
        let (first, last) = (Int64(self.minutes[cells.lowerBound]), Int64(self.minutes[cells.upperBound - 1]))
        let low = minutes.lowerBound <= first ? cells.lowerBound : index(of: minutes.lowerBound, in: cells)
        let high = minutes.upperBound >= last ? cells.upperBound : index(of: minutes.upperBound + 1, in: cells)
        return low..<max(low, high)
    }

    /// The first of these cells whose minute is not before `minute`.
    private func index(of minute: Int64, in cells: Range<Int>) -> Int {
        let minutes = self.minutes.span
        var (low, high) = (cells.lowerBound, cells.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if Int64(minutes[middle]) < minute { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func sum(of cells: Range<Int>) -> Int {
        let counts = self.counts.span.extracting(cells)
        var sum: UInt64 = 0
        for cell in counts.indices { sum &+= UInt64(counts[cell]) }
        return Int(truncatingIfNeeded: sum)
    }

    /// Adds cells to the buckets that their minutes are in, of which the first begins at minute `start`.
    func add(_ cells: Range<Int>, to buckets: inout [Int], minutesPerBucket width: Int, from start: Int) {
        let minutes = self.minutes.span.extracting(cells)
        let counts = self.counts.span.extracting(cells)
        var buckets = buckets.mutableSpan
        if width == 1 {
            for cell in minutes.indices { buckets[Int(minutes[cell]) - start] += Int(counts[cell]) }
            return
        }
        var bucket = 0
        var end = start
        for cell in minutes.indices {
            let minute = Int(minutes[cell])
            if minute >= end {
                bucket = (minute - start) / width
                end = start + (bucket + 1) * width
            }
            buckets[bucket] += Int(counts[cell])
        }
    }
}
