import Foundation
import Glibc
import SpillwayPlatform
import SpillwayTestSupport
import Testing

@Suite struct FileSystemTests {
    private let fileSystem = PosixSystem()
    private let directory = TemporaryDirectory()

    private func path(_ name: String) -> String { directory.path(name) }

    @Test func writesAndReadsAtOffsets() throws {
        let file = try fileSystem.open(path("a"), .create)
        try file.write([1, 2, 3], at: 2)
        try file.sync()
        #expect(try file.size() == 5)
        #expect(try fileSystem.readAll(path("a")) == [0, 0, 1, 2, 3])
        #expect(try file.readBytes(count: 10, at: 3) == [2, 3])
        try file.truncate(to: 1)
        #expect(try fileSystem.status(path("a")).size == 1)
    }

    @Test func createRefusesANameThatIsTaken() throws {
        _ = try fileSystem.open(path("a"), .create)
        let error = #expect(throws: SystemError.self) { try fileSystem.open(path("a"), .create) }
        #expect(error?.alreadyExists == true)
        _ = try fileSystem.open(path("a"), .createIfAbsent)
    }

    @Test func linkPutsIfAbsent() throws {
        try fileSystem.open(path("a"), .create).write([1], at: 0)
        try fileSystem.open(path("b"), .create).write([2], at: 0)
        try fileSystem.link(path("a"), to: path("c"))
        let error = #expect(throws: SystemError.self) { try fileSystem.link(path("b"), to: path("c")) }
        #expect(error?.alreadyExists == true)
        #expect(try fileSystem.readAll(path("c")) == [1])
    }

    @Test func errorsNameCallPathAndReason() throws {
        let error = #expect(throws: SystemError.self) { try fileSystem.open(path("none"), .read) }
        #expect(error?.isNotFound == true)
        #expect(error?.description == "\(path("none")): open: No such file or directory")
        #expect(try !fileSystem.exists(path("none")))
    }

    @Test func aLockIsHeldByOneFileAtATime() throws {
        var holder: (any File)? = try fileSystem.open(path("lock"), .createIfAbsent)
        #expect(try holder?.tryLock() == true)
        let other = try fileSystem.open(path("lock"), .createIfAbsent)
        #expect(try !other.tryLock())
        holder = nil
        #expect(try other.tryLock())
    }

    /// As a process that is being started has one.
    @Test func aLockEndsWithItsFileAlsoWhereSomebodyHasACopyOfTheDescriptor() throws {
        var holder: (any File)? = try fileSystem.open(path("lock"), .createIfAbsent)
        #expect(try holder?.tryLock() == true)
        let descriptor = try #require(
            try fileSystem.list("/proc/self/fd").first { name in
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")) == path("lock")
            }.flatMap { Int32($0) })
        let copy = dup(descriptor)
        #expect(copy >= 0)
        defer { close(copy) }
        holder = nil
        let other = try fileSystem.open(path("lock"), .createIfAbsent)
        #expect(try other.tryLock())
    }

    @Test func listsNamesAndRemovesThem() throws {
        _ = try fileSystem.open(path("a"), .create)
        try fileSystem.createDirectory(path("d"))
        try fileSystem.rename(path("a"), to: path("b"))
        #expect(try fileSystem.list(directory.path).sorted() == ["b", "d"])
        #expect(try fileSystem.status(path("d")).isDirectory)
        try fileSystem.remove(path("b"))
        #expect(try fileSystem.list(directory.path) == ["d"])
        try fileSystem.syncDirectory(directory.path)
    }
}
