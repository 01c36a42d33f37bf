import SpillwayPlatform

/// The operating system, with the bytes of one file other than they are. Nothing is written to that file, and no sync
/// reaches the disk: what is tested with this is no matter of durability.
package struct AlteredSystem: ForwardingSystem {
    package let base = PosixSystem()
    private let path: String
    private let bytes: [UInt8]

    package init(_ path: String, holds bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// With one bit flipped.
    package init(_ path: String, _ bytes: [UInt8], flipping bit: Int) {
        var bytes = bytes
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        self.init(path, holds: bytes)
    }

    package func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
        path == self.path ? AlteredFile(path: path, bytes: bytes) : try base.open(path, mode)
    }

    package func syncDirectory(_ path: String) throws(SystemError) {}
}

private final class AlteredFile: File {
    let path: String
    private let bytes: [UInt8]

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    func size() -> UInt64 { UInt64(bytes.count) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) -> Int {
        guard offset < UInt64(bytes.count) else { return 0 }
        let part = bytes[Int(offset)...].prefix(buffer.count)
        buffer.copyBytes(from: part)
        return part.count
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) { throw readOnly("pwrite") }
    func sync() throws(SystemError) {}
    func truncate(to size: UInt64) throws(SystemError) { throw readOnly("ftruncate") }
    func tryLock() throws(SystemError) -> Bool { true }

    private func readOnly(_ call: String) -> SystemError { SystemError(call: call, path: path, code: 30) }
}
