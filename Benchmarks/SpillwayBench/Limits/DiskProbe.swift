import SpillwayPlatform

/// What the disk takes: appends to one file, each made durable before the next, as the engine's appender does.
struct DiskProbe {
    struct Result {
        var bytesPerSecond: Double
        /// Of an append and its sync.
        var latencyUs: Sample
    }

    private static let leastAppends = 16
    /// Enough for the slowest of disks to show what it does, little enough for none to fill.
    private static let mostBytes = 1 << 30

    /// Appends for `seconds`, and 16 times at least.
    static func measure(in directory: String, appendBytes: Int, seconds: Double) throws -> Result {
        let scratch = try ScratchDirectory(in: directory)
        defer { scratch.remove() }
        try PosixSystem().createDirectory(scratch.path)
        let file = try PosixSystem().open("\(scratch.path)/appends", .create)
        var random = SplitMix64(seed: 1)
        // Not zeros: what lies below may not store those.
        let words = (0..<appendBytes / 8).map { _ in random.next() }
        var latencies: [Double] = []
        let startUs = MonotonicClock.nowUs()
        var nowUs = startUs
        while latencies.count < leastAppends
            || (Double(nowUs - startUs) < seconds * 1e6 && latencies.count * appendBytes < mostBytes)
        {
            let beforeUs = nowUs
            try words.withUnsafeBytes { try file.write($0, at: UInt64(latencies.count * appendBytes)) }
            try file.sync()
            nowUs = MonotonicClock.nowUs()
            latencies.append(Double(nowUs - beforeUs))
        }
        guard let sample = Sample(latencies) else { preconditionFailure("there are 16 appends at least") }
        return Result(
            bytesPerSecond: Double(latencies.count * appendBytes) * 1e6 / Double(max(1, nowUs - startUs)),
            latencyUs: sample)
    }
}
