import Glibc

/// The calls to the operating system that ``PosixSystem`` is made of, one to one, under their POSIX names. Tests put
/// others in their place that fail, are interrupted, or do only a part of what was asked.
package protocol SystemCalls: Sendable {
    func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> CallResult
    func close(_ descriptor: Int32) -> CallResult
    func pread(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ offset: off_t) -> CallResult
    func pwrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ offset: off_t) -> CallResult
    func ftruncate(_ descriptor: Int32, _ size: off_t) -> CallResult
    func fdatasync(_ descriptor: Int32) -> CallResult
    func fsync(_ descriptor: Int32) -> CallResult
    func flock(_ descriptor: Int32, _ operation: Int32) -> CallResult
    func fstat(_ descriptor: Int32, _ status: inout stat) -> CallResult
    func stat(_ path: String, _ status: inout stat) -> CallResult
    func mkdir(_ path: String, _ mode: mode_t) -> CallResult
    func rename(_ source: String, _ target: String) -> CallResult
    func link(_ source: String, _ target: String) -> CallResult
    func unlink(_ path: String) -> CallResult
    /// The names in a directory, `.` and `..` among them: `opendir`, `readdir` to the end, `closedir`.
    func readdir(_ path: String, _ names: inout [String]) -> CallResult
}

/// What a system call returned: a count or a descriptor, or why it failed.
package struct CallResult: Hashable, Sendable {
    /// Negative for a failure.
    package var value: Int
    /// `errno` right after a failed call; 0 after one that succeeded.
    package var code: Int32

    package static func success(_ value: Int = 0) -> CallResult { CallResult(value: value, code: 0) }
    package static func failure(_ code: Int32) -> CallResult { CallResult(value: -1, code: code) }

    /// What the C library returned; reads `errno` at once, before anything else can change it.
    @inline(__always)
    fileprivate init(_ value: some SignedInteger) {
        self.init(value: Int(value), code: value < 0 ? errno : 0)
    }

    private init(value: Int, code: Int32) {
        self.value = value
        self.code = code
    }
}

/// The C library.
package struct GlibcCalls: SystemCalls {
    package init() {}

    package func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> CallResult {
        CallResult(Glibc.open(path, flags, mode))
    }

    package func close(_ descriptor: Int32) -> CallResult { CallResult(Glibc.close(descriptor)) }

    package func pread(
        _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ offset: off_t
    ) -> CallResult {
        CallResult(Glibc.pread(descriptor, buffer.baseAddress, buffer.count, offset))
    }

    package func pwrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ offset: off_t) -> CallResult {
        CallResult(Glibc.pwrite(descriptor, bytes.baseAddress, bytes.count, offset))
    }

    package func ftruncate(_ descriptor: Int32, _ size: off_t) -> CallResult {
        CallResult(Glibc.ftruncate(descriptor, size))
    }

    package func fdatasync(_ descriptor: Int32) -> CallResult { CallResult(Glibc.fdatasync(descriptor)) }
    package func fsync(_ descriptor: Int32) -> CallResult { CallResult(Glibc.fsync(descriptor)) }

    package func flock(_ descriptor: Int32, _ operation: Int32) -> CallResult {
        CallResult(lockFile(descriptor, operation))
    }

    package func fstat(_ descriptor: Int32, _ status: inout stat) -> CallResult {
        CallResult(Glibc.fstat(descriptor, &status))
    }

    package func stat(_ path: String, _ status: inout stat) -> CallResult { CallResult(readStatus(path, &status)) }
    package func mkdir(_ path: String, _ mode: mode_t) -> CallResult { CallResult(Glibc.mkdir(path, mode)) }

    package func rename(_ source: String, _ target: String) -> CallResult {
        CallResult(Glibc.rename(source, target))
    }

    package func link(_ source: String, _ target: String) -> CallResult { CallResult(Glibc.link(source, target)) }
    package func unlink(_ path: String) -> CallResult { CallResult(Glibc.unlink(path)) }

    package func readdir(_ path: String, _ names: inout [String]) -> CallResult {
        guard let stream = opendir(path) else { return .failure(errno) }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = Glibc.readdir(stream) else {
                return errno == 0 ? .success() : .failure(errno)
            }
            withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { names.append(String(cString: $0)) }
            }
        }
    }
}

// Two calls share their names with structures, so inside a type with methods of these names only the structure is
// found.
private func lockFile(_ descriptor: Int32, _ operation: Int32) -> Int32 { flock(descriptor, operation) }
private func readStatus(_ path: String, _ status: inout stat) -> Int32 { stat(path, &status) }
