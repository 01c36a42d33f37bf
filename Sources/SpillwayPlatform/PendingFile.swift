/// A file that is there whole or not at all: it grows under a name of its own beside its place, and takes that place,
/// and that of what was there, once it is durable. Gone if it never does. Used by one thread at a time.
package final class PendingFile {
    package let path: String
    package private(set) var byteCount: UInt64 = 0

    private let temporaryPath: String
    private let file: any File
    private let files: any FileSystem
    private var isCommitted = false

    package init(path: String, in files: any FileSystem) throws(SystemError) {
        self.path = path
        self.files = files
        let directory = Self.directory(of: path)
        let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
        temporaryPath = "\(directory).\(path.dropFirst(directory.count)).\(suffix).tmp"
        file = try files.open(temporaryPath, .create)
    }

    deinit {
        // Nobody is left to hear of a failure, and the name says that it is of no use.
        if !isCommitted { try? files.remove(temporaryPath) }
    }

    package func append(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        try file.write(bytes, at: byteCount)
        byteCount += UInt64(bytes.count)
    }

    package func append(_ bytes: [UInt8]) throws(SystemError) {
        try file.write(bytes, at: byteCount)
        byteCount += UInt64(bytes.count)
    }

    /// Makes all of it durable, then gives it its name. Call once, after the last byte.
    package func commit() throws(SystemError) {
        try file.sync()
        try files.rename(temporaryPath, to: path)
        isCommitted = true
        let directory = Self.directory(of: path)
        try files.syncDirectory(directory.isEmpty ? "." : directory)
    }

    /// Up to the last slash, which is part of it.
    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }
}

extension FileSystem {
    /// Writes a file that is there whole or not at all, in place of what was there.
    package func replace(_ path: String, by bytes: [UInt8]) throws(SystemError) {
        let file = try PendingFile(path: path, in: self)
        try file.append(bytes)
        try file.commit()
    }
}
