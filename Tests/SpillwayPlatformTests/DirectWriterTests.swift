import Glibc
import SpillwayPlatform
import SpillwayTestSupport
import Testing

/// Large writes go past the page cache where they can; what a file holds afterwards does not depend on it.
@Suite struct DirectWriterTests {
    private let directory = TemporaryDirectory()

    private struct Write: Sendable {
        var offset: Int
        var count: Int
    }

    private static let writes = [
        Write(offset: 0, count: 4), Write(offset: 4, count: 300_001), Write(offset: 300_005, count: 5_000_003),
        Write(offset: 4_096, count: 262_144), Write(offset: 5_300_000, count: 100),
        Write(offset: 1_234, count: 700_000),
        Write(offset: 9_000_001, count: 256 << 10),
    ]

    /// Differ from write to write, and within one with no period that a block has. By doubling, and below by memcmp,
    /// as builds for debugging and for sanitizers are slow byte by byte.
    private static func bytes(_ write: Write) -> [UInt8] {
        var bytes = (0..<min(write.count, 251)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ write.offset) }
        while bytes.count < write.count { bytes += bytes.prefix(write.count - bytes.count) }
        return bytes
    }

    /// Performs all writes, and holds the file against an array that they were made to as well.
    private func expectSameContent(_ calls: FaultyCalls) throws {
        let file = try PosixSystem(calls: calls).open(directory.path("file"), .create)
        var model = [UInt8](repeating: 0, count: Self.writes.map { $0.offset + $0.count }.max() ?? 0)
        for write in Self.writes {
            let bytes = Self.bytes(write)
            try file.write(bytes, at: UInt64(write.offset))
            let end = write.offset + write.count
            model.withUnsafeMutableBytes { model in
                UnsafeMutableRawBufferPointer(rebasing: model[write.offset..<end]).copyBytes(from: bytes)
            }
        }
        try file.sync()
        let isSame = Self.areSame(try file.readAll(), model)
        #expect(isSame)
        let isSameAnew = Self.areSame(try PosixSystem().readAll(directory.path("file")), model)
        #expect(isSameAnew)
    }

    private static func areSame(_ bytes: [UInt8], _ others: [UInt8]) -> Bool {
        bytes.count == others.count && memcmp(bytes, others, bytes.count) == 0
    }

    @Test func largeWritesAtAnyOffset() throws {
        let calls = FaultyCalls([:])
        try expectSameContent(calls)
        #expect(calls.count(of: "open") == 2, "the file, and once more for what goes past the cache")
    }

    @Test func aFileSystemWithoutIt() throws {
        let calls = FaultyCalls(["open": [.atMost(0), .fail(EINVAL)]])
        try expectSameContent(calls)
        #expect(calls.count(of: "open") == 2, "it is not tried again")
    }

    /// The third call is the first that goes past the cache: after the four first bytes, and those up to a whole block.
    @Test(arguments: [EINVAL, ENOSPC, EIO]) func aWriteThatIsRefused(_ code: Int32) throws {
        try expectSameContent(FaultyCalls(["pwrite": [.atMost(.max), .atMost(.max), .fail(code)]]))
    }

    @Test func writesThatAreCutShort() throws {
        let faults: [FaultyCalls.Fault] = [.atMost(.max), .atMost(.max), .atMost(8_192), .atMost(5), .atMost(100_000)]
        try expectSameContent(FaultyCalls(["pwrite": faults]))
    }

    @Test func aFullDiskIsReported() throws {
        let calls = FaultyCalls(["pwrite": [FaultyCalls.Fault](repeating: .fail(ENOSPC), count: 3)])
        let file = try PosixSystem(calls: calls).open(directory.path("file"), .create)
        #expect(throws: SystemError.self) { try file.write([UInt8](repeating: 1, count: 1 << 20), at: 0) }
    }
}
