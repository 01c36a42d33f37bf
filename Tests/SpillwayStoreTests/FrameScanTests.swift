import SpillwayPlatform
import SpillwayTestSupport
import Testing

@testable import SpillwayStore

@Suite struct FrameScanTests {
    private let directory = TemporaryDirectory()
    private let system = PosixSystem()
    private let salt: UInt64 = 0x5a17

    /// A framed file of three epochs, the middle one of two frames; synced after each but the last.
    private func framedFile(_ name: String) throws -> (path: String, ends: [Int]) {
        let path = directory.path(name)
        let frames = FrameFile(file: try system.open(path, .create), salt: salt, length: 0)
        var ends: [Int] = []
        _ = try frames.append(journalFrame(0..<5), epoch: epoch(1), endsEpoch: true)
        try frames.sync()
        ends.append(Int(frames.length))
        _ = try frames.append(journalFrame(5..<9), epoch: epoch(2), endsEpoch: false)
        _ = try frames.append(journalFrame(9..<12), epoch: epoch(2), endsEpoch: true)
        try frames.sync()
        ends.append(Int(frames.length))
        _ = try frames.append(journalFrame(12..<30), epoch: epoch(3), endsEpoch: true)
        ends.append(Int(frames.length))
        return (path, ends)
    }

    private func scan(_ path: String, salt: UInt64? = nil) throws -> FrameScan {
        try FrameScan(system.open(path, .read), salt: salt ?? self.salt, from: 0)
    }

    @Test func findsEveryEpoch() throws {
        let (path, ends) = try framedFile("f")
        let scan = try scan(path)
        #expect(scan.entries.map(\.header.epoch) == [1, 2, 2, 3])
        #expect(scan.entries.map(\.header.rowCount) == [5, 4, 3, 18])
        #expect(scan.end == UInt64(ends[2]))
        #expect(scan.lastEpoch == epoch(3))
    }

    /// Cut anywhere, a file holds the epochs that are whole.
    @Test func aTornTailIsCut() throws {
        let (path, ends) = try framedFile("f")
        let bytes = try system.readAll(path)
        for length in 0..<bytes.count {
            let torn = directory.path("torn-\(length)")
            try system.open(torn, .create).write(Array(bytes[..<length]), at: 0)
            let whole = ends.filter { $0 <= length }
            let scan = try scan(torn)
            #expect(scan.end == UInt64(whole.last ?? 0))
            #expect(scan.lastEpoch?.number ?? 0 == UInt64(whole.count))
            try system.remove(torn)
        }
    }

    /// A bit that flips in what a later frame knew to be durable is damage; in what may be a torn write it ends the
    /// file there.
    @Test func damageBelowWhatWasDurableIsReported() throws {
        let (path, ends) = try framedFile("f")
        let bytes = try system.readAll(path)
        for offset in bytes.indices {
            var flipped = bytes
            flipped[offset] ^= 1 << UInt8(offset % 8)
            let damaged = directory.path("damaged-\(offset)")
            try system.open(damaged, .create).write(flipped, at: 0)
            if offset < ends[1] {
                let error = #expect(throws: StoreError.self) { try scan(damaged) }
                guard case .damaged(let path, let position, _) = error else {
                    Issue.record("byte \(offset): \(String(describing: error))")
                    continue
                }
                #expect(path == damaged && position <= UInt64(offset))
            } else {
                #expect(try scan(damaged).lastEpoch == epoch(2))
            }
            try system.remove(damaged)
        }
    }

    @Test func framesOfAnotherFileAreNotRead() throws {
        let (path, _) = try framedFile("f")
        #expect(try scan(path, salt: salt + 1).entries.isEmpty)
    }
}
