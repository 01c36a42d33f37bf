/// What bounds ingestion on this machine, so that a figure can be told as a share of it.
struct HardwareLimits {
    /// Durable appends of 4 MiB.
    var diskBytesPerSecond: Double
    /// Random inserts into tables that no cache holds, on as many threads as there are processors for ingestion.
    var insertsPerSecond: Double
}

/// Measures ``HardwareLimits`` before every repetition: they change from second to second where others share the
/// machine.
struct LimitsMeter {
    let directory: String
    private let inserts: InsertProbe

    /// An epoch of a surge is about as large.
    private static let appendBytes = 4 << 20
    private static let appendSeconds = 0.3

    init(directory: String) throws {
        self.directory = directory
        inserts = try InsertProbe()
    }

    func measure(threads: Int) throws -> HardwareLimits {
        let disk = try DiskProbe.measure(
            in: directory, appendBytes: Self.appendBytes, seconds: Self.appendSeconds)
        return HardwareLimits(
            diskBytesPerSecond: disk.bytesPerSecond, insertsPerSecond: try inserts.insertsPerSecond(threads: threads))
    }
}
