/// How a query shares out the memory that it may hold.
struct QueryMemory: Sendable {
    /// Threads that scan: as many as were asked for and have room for their row groups.
    let threads: Int
    /// The most groups that a result can have.
    let maximumGroupCount: Int
    /// The most groups of one row group that each thread counts in an array; more are counted in a hash table.
    let maximumDenseSize: Int
    /// What all threads' latency histograms may take.
    let histogramBytes: Int

    /// A row's share of a scanner's columns: time, group, latency, code, and the chunk that they are decoded from.
    private static let bytesPerScannedRow = 40
    /// An entry of a thread's hash table, of the merged one, and a row of the result.
    private static let bytesPerGroup = 512

    /// - Parameter largestRowGroup: rows in the largest row group.
    init(limitBytes: Int, threads: Int, largestRowGroup: Int) {
        let quarter = limitBytes / 4
        let scanBytes = max(largestRowGroup, 1) * Self.bytesPerScannedRow
        self.threads = max(1, min(threads, quarter / scanBytes))
        maximumGroupCount = quarter / Self.bytesPerGroup / self.threads * 2
        maximumDenseSize = min(1 << 22, quarter / self.threads / MemoryLayout<Int>.size)
        histogramBytes = quarter
    }
}
