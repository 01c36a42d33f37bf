import SpillwayParquet
import SpillwayPlatform
import SpillwayStore

/// How many values of a column of integers a scan has seen, and from which to which.
struct SeenValues {
    private var count = 0
    private var least = Int64.max
    private var greatest = Int64.min

    mutating func add<Value: ColumnInteger>(_ values: UnsafeBufferPointer<Value>) {
        guard let start = values.baseAddress, !values.isEmpty else { return }
        let (least, greatest) = Value.bounds(of: start, count: values.count)
        self.least = min(self.least, Int64(least))
        self.greatest = max(self.greatest, Int64(greatest))
        count += values.count
    }

    /// Holds them against the statistics, which scans rely on: those of all values are their least and their greatest.
    ///
    /// - Parameter chunk: Where the values come from.
    func check(
        against statistics: ClosedRange<Int64>?, _ column: SegmentColumn, _ chunk: ColumnChunkMetadata, _ file: any File
    ) throws(StoreError) {
        if count == 0 { return }
        guard let statistics, statistics.lowerBound <= least, greatest <= statistics.upperBound,
            count < chunk.valueCount || least...greatest == statistics
        else { throw file.outsideStatistics(column, chunk) }
        guard column != .latencyUs || least >= 0 else {
            throw .damaged(
                path: file.path, offset: chunk.offset, problem: "column \(column.name) holds \(least)")
        }
    }
}
