import SpillwayPlatform

/// A system that passes on every call which it does not replace.
package protocol ForwardingSystem: System {
    var base: PosixSystem { get }
}

extension ForwardingSystem {
    package func list(_ directory: String) throws(SystemError) -> [String] { try base.list(directory) }
    package func status(_ path: String) throws(SystemError) -> FileStatus { try base.status(path) }
    package func createDirectory(_ path: String) throws(SystemError) { try base.createDirectory(path) }
    package func syncDirectory(_ path: String) throws(SystemError) { try base.syncDirectory(path) }
    package func rename(_ source: String, to target: String) throws(SystemError) {
        try base.rename(source, to: target)
    }
    package func link(_ source: String, to target: String) throws(SystemError) { try base.link(source, to: target) }
    package func remove(_ path: String) throws(SystemError) { try base.remove(path) }
    package func monotonicUs() -> Int64 { base.monotonicUs() }
    package func threadProcessorNs() -> Int64 { base.threadProcessorNs() }
    package func wallMs() -> Int64 { base.wallMs() }
    package func randomWord() -> UInt64 { base.randomWord() }
}

/// An open file that passes on every call which it does not replace.
package protocol ForwardingFile: File {
    var file: any File { get }
}

extension ForwardingFile {
    package var path: String { file.path }
    package func size() throws(SystemError) -> UInt64 { try file.size() }
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) -> Int {
        try file.read(into: buffer, at: offset)
    }
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        try file.write(bytes, at: offset)
    }
    package func sync() throws(SystemError) { try file.sync() }
    package func truncate(to size: UInt64) throws(SystemError) { try file.truncate(to: size) }
    package func tryLock() throws(SystemError) -> Bool { try file.tryLock() }
}
