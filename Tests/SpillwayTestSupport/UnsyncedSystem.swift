import SpillwayPlatform

/// The operating system without waiting for the disk, for tests of what is read back by the same process.
package struct UnsyncedSystem: System {
    private let base = PosixSystem()

    package init() {}

    package func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
        UnsyncedFile(try base.open(path, mode))
    }

    package func list(_ directory: String) throws(SystemError) -> [String] { try base.list(directory) }
    package func status(_ path: String) throws(SystemError) -> FileStatus { try base.status(path) }
    package func createDirectory(_ path: String) throws(SystemError) { try base.createDirectory(path) }
    package func syncDirectory(_ path: String) {}
    package func rename(_ source: String, to target: String) throws(SystemError) {
        try base.rename(source, to: target)
    }
    package func link(_ source: String, to target: String) throws(SystemError) { try base.link(source, to: target) }
    package func remove(_ path: String) throws(SystemError) { try base.remove(path) }
    package func monotonicUs() -> Int64 { base.monotonicUs() }
    package func wallMs() -> Int64 { base.wallMs() }
    package func randomWord() -> UInt64 { base.randomWord() }
}

private final class UnsyncedFile: File {
    private let file: any File

    init(_ file: any File) { self.file = file }

    var path: String { file.path }
    func size() throws(SystemError) -> UInt64 { try file.size() }
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) -> Int {
        try file.read(into: buffer, at: offset)
    }
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        try file.write(bytes, at: offset)
    }
    func sync() {}
    func truncate(to size: UInt64) throws(SystemError) { try file.truncate(to: size) }
    func tryLock() throws(SystemError) -> Bool { try file.tryLock() }
}
