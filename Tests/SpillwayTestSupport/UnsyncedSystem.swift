import SpillwayPlatform

/// The operating system without waiting for the disk, for tests of what is read back by the same process.
package struct UnsyncedSystem: ForwardingSystem {
    package let base = PosixSystem()

    package init() {}

    package func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
        UnsyncedFile(try base.open(path, mode))
    }

    package func syncDirectory(_ path: String) {}
}

private final class UnsyncedFile: ForwardingFile {
    let file: any File

    init(_ file: any File) { self.file = file }

    func sync() {}
}
