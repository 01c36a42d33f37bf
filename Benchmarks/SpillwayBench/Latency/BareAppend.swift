import Foundation
import SpillwayPlatform

/// What the disk alone takes: 64 KiB appended to a file and synced, over and over, by one thread.
struct BareAppend {
    static let byteCount = 64 << 10

    let directory: String
    /// Appends that are timed at once; a few before them are not.
    let count: Int

    /// How long each append took, in nanoseconds.
    func measure() throws -> [Int64] {
        let path = URL(filePath: directory).appending(path: "spillway-bench-\(UUID().uuidString)").path
        let system = PosixSystem()
        let file = try system.open(path, .create)
        defer { try? system.remove(path) }
        // Bytes that no device can shrink.
        var generator = SplitMix64(seed: 1)
        let bytes = (0..<Self.byteCount).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        return try (-Self.warmup..<count).map { index in
            let start = MonotonicClock.nowNs()
            try file.write(bytes, at: UInt64(index + Self.warmup) * UInt64(Self.byteCount))
            try file.sync()
            return MonotonicClock.nowNs() - start
        }.dropFirst(Self.warmup).map { $0 }
    }

    private static let warmup = 10
}
