import Glibc

/// The operating system itself.
package struct PosixSystem: System {
    package init() {}

    package func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
        let flags: Int32 =
            switch mode {
            case .read: O_RDONLY
            case .write: O_RDWR
            case .create: O_RDWR | O_CREAT | O_EXCL
            case .createIfAbsent: O_RDWR | O_CREAT
            }
        let descriptor = try retrying("open", path) { Glibc.open(path, flags | O_CLOEXEC, 0o644) }
        return PosixFile(path: path, descriptor: descriptor)
    }

    package func list(_ directory: String) throws(SystemError) -> [String] {
        guard let stream = opendir(directory) else { throw SystemError(call: "opendir", path: directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw SystemError(call: "readdir", path: directory) }
                return names
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    package func status(_ path: String) throws(SystemError) -> FileStatus {
        var status = stat()
        _ = try retrying("stat", path) { stat(path, &status) }
        return FileStatus(
            size: UInt64(status.st_size), isDirectory: status.st_mode & S_IFMT == S_IFDIR,
            modifiedAtMs: Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000)
    }

    package func createDirectory(_ path: String) throws(SystemError) {
        _ = try retrying("mkdir", path) { mkdir(path, 0o755) }
    }

    package func syncDirectory(_ path: String) throws(SystemError) {
        let descriptor = try retrying("open", path) { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemError(call: "fsync", path: path) }
    }

    package func rename(_ source: String, to target: String) throws(SystemError) {
        _ = try retrying("rename", target) { Glibc.rename(source, target) }
    }

    package func link(_ source: String, to target: String) throws(SystemError) {
        _ = try retrying("link", target) { Glibc.link(source, target) }
    }

    package func remove(_ path: String) throws(SystemError) {
        _ = try retrying("unlink", path) { unlink(path) }
    }
}

extension PosixSystem {
    package func monotonicUs() -> Int64 { MonotonicClock.nowUs() }
    package func wallMs() -> Int64 { WallClock.nowMs() }

    package func randomWord() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

private final class PosixFile: File {
    let path: String
    private let descriptor: Int32

    init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func size() throws(SystemError) -> UInt64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError(call: "fstat", path: path) }
        return UInt64(status.st_size)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = try retrying("pread", path) {
                pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset) + done)
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            done += try retrying("pwrite", path) {
                pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset) + done)
            }
        }
    }

    func sync() throws(SystemError) {
        // Not retried, EINTR included: a failed sync is final.
        guard fdatasync(descriptor) == 0 else { throw SystemError(call: "fdatasync", path: path) }
    }

    func truncate(to size: UInt64) throws(SystemError) {
        _ = try retrying("ftruncate", path) { ftruncate(descriptor, off_t(size)) }
    }

    func tryLock() throws(SystemError) -> Bool {
        do throws(SystemError) {
            _ = try retrying("flock", path) { flock(descriptor, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            if error.code == EWOULDBLOCK { return false }
            throw error
        }
    }
}

/// Calls again while a signal interrupts; throws on any other negative result.
private func retrying<Result: SignedInteger>(
    _ call: String, _ path: String, _ body: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result >= 0 { return result }
        if errno != EINTR { throw SystemError(call: call, path: path) }
    }
}
