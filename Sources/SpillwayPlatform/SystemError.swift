import Glibc

/// A system call that failed: which, on what, and why.
public struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The call, as POSIX names it.
    public let call: String
    /// The file or directory it was for.
    public let path: String
    /// The value of `errno`.
    public let code: Int32

    package init(call: String, path: String, code: Int32 = errno) {
        self.call = call
        self.path = path
        self.code = code
    }

    public var description: String {
        "\(path): \(call): \(String(cString: strerror(code)))"
    }

    package var isNotFound: Bool { code == ENOENT }
    package var alreadyExists: Bool { code == EEXIST }
    package var isOutOfSpace: Bool { code == ENOSPC || code == EDQUOT }

    /// Whether the same call may succeed later, as nothing is broken: the disk is full, or no more files can be
    /// opened. A failed sync is final, whatever its code: what it was to make durable may be gone.
    package var isTransient: Bool {
        !isFailedSync && (isOutOfSpace || code == EMFILE || code == ENFILE)
    }

    package var isFailedSync: Bool { call == "fdatasync" || call == "fsync" }
}
