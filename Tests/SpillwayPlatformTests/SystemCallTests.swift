import Glibc
import SpillwayPlatform
import SpillwayTestSupport
import Testing

/// ``PosixSystem`` on calls that fail, are interrupted, or do only a part of what was asked.
@Suite struct SystemCallTests {
    private let directory = TemporaryDirectory()
    private let content: [UInt8] = Array(1...17)

    private func path(_ name: String) -> String { directory.path(name) }

    private func newFile(_ name: String, _ calls: FaultyCalls) throws -> any File {
        try PosixSystem(calls: calls).open(path(name), .create)
    }

    @Test(arguments: 1..<17) func goesOnAfterAShortRead(firstCount: Int) throws {
        let file = try newFile("a", FaultyCalls(["pread": [.atMost(firstCount)]]))
        try file.write(content, at: 3)
        #expect(try file.readBytes(count: 17, at: 3) == content)
    }

    @Test(arguments: 1..<17) func goesOnAfterAShortWrite(firstCount: Int) throws {
        let file = try newFile("a", FaultyCalls(["pwrite": [.atMost(firstCount)]]))
        try file.write(content, at: 3)
        #expect(try directory.bytes("a") == [0, 0, 0] + content)
    }

    @Test func readsAndWritesByteByByte() throws {
        let single = [FaultyCalls.Fault](repeating: .atMost(1), count: 17)
        let file = try newFile("a", FaultyCalls(["pread": single, "pwrite": single]))
        try file.write(content, at: 0)
        #expect(try file.readAll() == content)
    }

    @Test func aReadStopsAtTheEndOfTheFile() throws {
        let file = try newFile("a", FaultyCalls(["pread": [.atMost(5)]]))
        try file.write(content, at: 0)
        #expect(try file.readBytes(count: 100, at: 0) == content)
    }

    private static let interruption = [FaultyCalls.Fault.fail(EINTR), .fail(EINTR)]

    @Test(arguments: ["pread", "pwrite", "ftruncate", "flock", "open", "stat", "mkdir", "rename", "link", "unlink"])
    func callsAgainAfterAnInterruption(call: String) throws {
        let calls = FaultyCalls([call: Self.interruption])
        let system = PosixSystem(calls: calls)
        let file = try system.open(path("a"), .create)
        try file.write(content, at: 0)
        #expect(try file.readAll() == content)
        try file.truncate(to: 4)
        #expect(try file.tryLock())
        #expect(try system.status(path("a")).size == 4)
        try system.createDirectory(path("d"))
        try system.rename(path("a"), to: path("d/b"))
        try system.link(path("d/b"), to: path("c"))
        try system.remove(path("d/b"))
        #expect(try directory.names == ["c", "d"])
        #expect(calls.count(of: call) == 3)
    }

    @Test(arguments: [EINTR, EIO, ENOSPC]) func aFailedSyncIsNotTriedAgain(code: Int32) throws {
        let calls = FaultyCalls(["fdatasync": [.fail(code)], "fsync": [.fail(code)]])
        let system = PosixSystem(calls: calls)
        let file = try system.open(path("a"), .create)
        let ofFile = #expect(throws: SystemError.self) { try file.sync() }
        #expect(ofFile == SystemError(call: "fdatasync", path: path("a"), code: code))
        let ofDirectory = #expect(throws: SystemError.self) { try system.syncDirectory(directory.path) }
        #expect(ofDirectory == SystemError(call: "fsync", path: directory.path, code: code))
        #expect(calls.count(of: "fdatasync") == 1)
        #expect(calls.count(of: "fsync") == 1)
    }

    @Test func aWriteOfNothingIsAFullDisk() throws {
        let file = try newFile("a", FaultyCalls(["pwrite": [.atMost(3), .atMost(0)]]))
        let error = #expect(throws: SystemError.self) { try file.write(content, at: 0) }
        #expect(error == SystemError(call: "pwrite", path: path("a"), code: ENOSPC))
    }

    @Test(arguments: 0..<17) func spaceThatEndsInAWriteIsReported(writtenCount: Int) throws {
        let faults = [FaultyCalls.Fault](repeating: .atMost(1), count: writtenCount) + [.fail(ENOSPC)]
        let file = try newFile("a", FaultyCalls(["pwrite": faults]))
        let error = #expect(throws: SystemError.self) { try file.write(content, at: 0) }
        #expect(error == SystemError(call: "pwrite", path: path("a"), code: ENOSPC))
        #expect(try directory.bytes("a") == Array(content.prefix(writtenCount)))
        try file.write(content, at: 0)
        #expect(try directory.bytes("a") == content)
    }

    @Test func runningOutOfFilesIsReported() throws {
        let calls = FaultyCalls(["open": [.fail(EMFILE), .fail(EMFILE)], "readdir": [.fail(EMFILE)]])
        let system = PosixSystem(calls: calls)
        let ofFile = #expect(throws: SystemError.self) { try system.open(path("a"), .create) }
        #expect(ofFile == SystemError(call: "open", path: path("a"), code: EMFILE))
        let ofSync = #expect(throws: SystemError.self) { try system.syncDirectory(directory.path) }
        #expect(ofSync == SystemError(call: "open", path: directory.path, code: EMFILE))
        let ofList = #expect(throws: SystemError.self) { try system.list(directory.path) }
        #expect(ofList == SystemError(call: "readdir", path: directory.path, code: EMFILE))
        #expect([ofFile, ofSync, ofList].allSatisfy { $0?.isTransient == true })
        _ = try system.open(path("a"), .create)
    }

    @Test func everyOpenedDescriptorIsClosed() throws {
        let calls = FaultyCalls(["fsync": [.fail(EIO)]])
        let system = PosixSystem(calls: calls)
        _ = try system.open(path("a"), .create)
        #expect(throws: SystemError.self) { try system.syncDirectory(directory.path) }
        #expect(calls.count(of: "open") == 2)
        #expect(calls.count(of: "close") == 2)
    }

    @Test func anOffsetPastTheLargestIsRefused() throws {
        let file = try newFile("a", FaultyCalls([:]))
        #expect(throws: SystemError.self) { try file.readBytes(count: 1, at: .max) }
        #expect(throws: SystemError.self) { try file.write([1], at: 1 << 63) }
        #expect(throws: SystemError.self) { try file.truncate(to: .max) }
    }

    @Test(arguments: [ENOSPC, EDQUOT, EMFILE, ENFILE]) func wantOfRoomPassesExceptForASync(code: Int32) {
        for call in ["open", "pwrite", "ftruncate", "link", "rename", "mkdir"] {
            #expect(SystemError(call: call, path: "a", code: code).isTransient)
        }
        for call in ["fdatasync", "fsync"] { #expect(!SystemError(call: call, path: "a", code: code).isTransient) }
    }

    @Test(arguments: [EIO, EROFS, EACCES, ENOENT]) func otherErrorsDoNotPass(code: Int32) {
        for call in ["open", "pwrite", "fdatasync"] {
            #expect(!SystemError(call: call, path: "a", code: code).isTransient)
        }
    }
}
