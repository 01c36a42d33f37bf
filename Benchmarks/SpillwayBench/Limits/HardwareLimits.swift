/// What bounds ingestion on this machine, measured beside it, so that a figure can be told as a share of it.
struct HardwareLimits {
    /// An epoch of a surge is as large.
    private static let appendBytes = 4 << 20

    /// Durable appends of 4 MiB.
    var diskBytesPerSecond: Double
    /// Random inserts into tables that no cache holds, on as many threads as ingestion has producers.
    var insertsPerSecond: Double
}

extension HardwareLimits {
    /// - Parameter insertsPerSecond: as measured before; nil if no limits are asked for, and then there are none.
    init?(in directory: String, insertsPerSecond: Double?) throws {
        guard let insertsPerSecond else { return nil }
        self.insertsPerSecond = insertsPerSecond
        diskBytesPerSecond = try Self.diskBytesPerSecond(in: directory)
    }

    /// The disk's, which changes from second to second where others share it: measured before every repetition.
    private static func diskBytesPerSecond(in directory: String) throws -> Double {
        try DiskProbe.measure(in: directory, appendBytes: appendBytes, seconds: 0.3).bytesPerSecond
    }

    /// The median of three. Gives the tables' memory back.
    static func insertsPerSecond(threads: Int) throws -> Double {
        let probe = try InsertProbe(threads: threads)
        let rates = try (0..<3).map { _ in try probe.insertsPerSecond() }
        return rates.sorted()[1]
    }
}
