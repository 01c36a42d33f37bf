import Glibc
import Synchronization

/// The operating system itself.
package struct PosixSystem: System {
    private let calls: any SystemCalls

    package init(calls: any SystemCalls = GlibcCalls()) { self.calls = calls }

    package func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
        let flags: Int32 =
            switch mode {
            case .read: O_RDONLY
            case .write: O_RDWR
            case .create: O_RDWR | O_CREAT | O_EXCL
            case .createIfAbsent: O_RDWR | O_CREAT
            }
        let descriptor = try retrying("open", path) { calls.open(path, flags | O_CLOEXEC, 0o644) }
        return PosixFile(path: path, descriptor: Int32(descriptor), calls: calls)
    }

    package func list(_ directory: String) throws(SystemError) -> [String] {
        var names: [String] = []
        try check("readdir", directory, calls.readdir(directory, &names))
        return names.filter { $0 != "." && $0 != ".." }
    }

    package func status(_ path: String) throws(SystemError) -> FileStatus {
        var status = stat()
        try retrying("stat", path) { calls.stat(path, &status) }
        return FileStatus(
            size: UInt64(status.st_size), isDirectory: status.st_mode & S_IFMT == S_IFDIR,
            modifiedAtMs: Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000)
    }

    package func createDirectory(_ path: String) throws(SystemError) {
        try retrying("mkdir", path) { calls.mkdir(path, 0o755) }
    }

    package func syncDirectory(_ path: String) throws(SystemError) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let descriptor = Int32(try retrying("open", path) { calls.open(path, flags, 0) })
        defer { _ = calls.close(descriptor) }
        try check("fsync", path, calls.fsync(descriptor))
    }

    package func rename(_ source: String, to target: String) throws(SystemError) {
        try retrying("rename", target) { calls.rename(source, target) }
    }

    package func link(_ source: String, to target: String) throws(SystemError) {
        try retrying("link", target) { calls.link(source, target) }
    }

    package func remove(_ path: String) throws(SystemError) {
        try retrying("unlink", path) { calls.unlink(path) }
    }
}

extension PosixSystem {
    package func monotonicUs() -> Int64 { MonotonicClock.nowUs() }
    package func threadProcessorNs() -> Int64 { ThreadClock.nowNs() }
    package func wallMs() -> Int64 { WallClock.nowMs() }

    package func randomWord() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

private final class PosixFile: File {
    let path: String
    private let descriptor: Int32
    private let calls: any SystemCalls
    private let isLocked = Atomic<Bool>(false)
    /// For large writes, from the first one on.
    private let direct = Monitor(DirectState(isTried: false, writer: nil))

    private struct DirectState: ~Copyable {
        let isTried: Bool
        let writer: DirectWriter?
    }

    init(path: String, descriptor: Int32, calls: any SystemCalls) {
        self.path = path
        self.descriptor = descriptor
        self.calls = calls
    }

    deinit {
        // A process that is being started has a copy of the descriptor until it runs, which would hold the lock.
        if isLocked.load(ordering: .relaxed) { _ = calls.flock(descriptor, LOCK_UN) }
        _ = calls.close(descriptor)
    }

    func size() throws(SystemError) -> UInt64 {
        var status = stat()
        try check("fstat", path, calls.fstat(descriptor, &status))
        return UInt64(status.st_size)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = try retrying("pread", path) { calls.pread(descriptor, rest, Self.position(offset, done)) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        let blocks = DirectWriter.wholeBlocks(of: bytes.count, at: offset)
        try writeThroughCache(bytes, 0..<blocks.lowerBound, at: offset)
        // What does not go past the cache, a full disk's reason included, is left for the other way to find out.
        let direct =
            blocks.isEmpty
            ? 0
            : writeDirectly(
                UnsafeRawBufferPointer(rebasing: bytes[blocks]), at: offset &+ UInt64(blocks.lowerBound))
        try writeThroughCache(bytes, blocks.lowerBound + direct..<bytes.count, at: offset)
    }

    /// Returns how many bytes it wrote, all of them but where the system refuses.
    private func writeDirectly(_ blocks: UnsafeRawBufferPointer, at offset: UInt64) -> Int {
        direct.withLock { direct in
            if !direct.isTried {
                direct = DirectState(isTried: true, writer: DirectWriter(to: descriptor, calls: calls))
            }
            return direct.writer?.write(blocks, at: offset) ?? 0
        }
    }

    private func writeThroughCache(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, at offset: UInt64
    ) throws(SystemError) {
        var done = range.lowerBound
        while done < range.upperBound {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done..<range.upperBound])
            let count = try retrying("pwrite", path) { calls.pwrite(descriptor, rest, Self.position(offset, done)) }
            // Nothing written and no reason given: taken for want of space, so that no loop runs for ever.
            guard count > 0 else { throw SystemError(call: "pwrite", path: path, code: ENOSPC) }
            done += count
        }
    }

    /// Offsets of 2⁶³ and more become negative, which the system refuses with EINVAL.
    private static func position(_ offset: UInt64, _ done: Int) -> off_t {
        off_t(truncatingIfNeeded: offset &+ UInt64(done))
    }

    func sync() throws(SystemError) {
        // Not retried, EINTR included: a failed sync is final.
        try check("fdatasync", path, calls.fdatasync(descriptor))
    }

    func truncate(to size: UInt64) throws(SystemError) {
        try retrying("ftruncate", path) { calls.ftruncate(descriptor, off_t(truncatingIfNeeded: size)) }
    }

    func tryLock() throws(SystemError) -> Bool {
        do throws(SystemError) {
            try retrying("flock", path) { calls.flock(descriptor, LOCK_EX | LOCK_NB) }
            isLocked.store(true, ordering: .relaxed)
            return true
        } catch {
            if error.code == EWOULDBLOCK { return false }
            throw error
        }
    }
}

private func check(_ call: String, _ path: String, _ result: CallResult) throws(SystemError) {
    if result.value < 0 { throw SystemError(call: call, path: path, code: result.code) }
}

/// Calls again while a signal interrupts; throws on any other failure.
@discardableResult
private func retrying(_ call: String, _ path: String, _ body: () -> CallResult) throws(SystemError) -> Int {
    while true {
        let result = body()
        if result.value >= 0 { return result.value }
        if result.code != EINTR { throw SystemError(call: call, path: path, code: result.code) }
    }
}
