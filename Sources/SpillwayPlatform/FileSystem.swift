/// Everything that is asked of a file system. One implementation calls the operating system (``PosixSystem``); tests
/// put others in its place. No other module makes a system call.
package protocol FileSystem: Sendable {
    func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File

    /// Names in a directory, without `.` and `..`, in no order.
    func list(_ directory: String) throws(SystemError) -> [String]
    func status(_ path: String) throws(SystemError) -> FileStatus
    func createDirectory(_ path: String) throws(SystemError)
    /// Makes the directory's entries durable.
    func syncDirectory(_ path: String) throws(SystemError)
    func rename(_ source: String, to target: String) throws(SystemError)
    /// A second name for a file. Fails with EEXIST if the name is taken: an atomic put-if-absent.
    func link(_ source: String, to target: String) throws(SystemError)
    func remove(_ path: String) throws(SystemError)
}

package enum OpenMode: Sendable {
    case read
    /// Reads and writes an existing file.
    case write
    /// A new file; fails with EEXIST if the name is taken.
    case create
    /// A new file, or an existing one as it is.
    case createIfAbsent
}

package struct FileStatus: Sendable, Hashable {
    package var size: UInt64
    package var isDirectory: Bool
    /// Milliseconds since 1970.
    package var modifiedAtMs: Int64

    package init(size: UInt64, isDirectory: Bool, modifiedAtMs: Int64) {
        self.size = size
        self.isDirectory = isDirectory
        self.modifiedAtMs = modifiedAtMs
    }
}

/// An open file, closed when the last reference goes. Offsets and sizes are in bytes.
package protocol File: AnyObject, Sendable {
    var path: String { get }

    func size() throws(SystemError) -> UInt64
    /// Fills the buffer from `offset`; returns how many bytes there were, fewer only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) -> Int
    /// Writes all of the bytes at `offset`, or throws, with any part of them written.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError)
    /// Makes the file's content and size durable (fdatasync). After a failure nothing is known of what is on the
    /// device: never call it again to find out.
    func sync() throws(SystemError)
    func truncate(to size: UInt64) throws(SystemError)
    /// Takes the file's exclusive lock, which goes with this process; false if another holds it.
    func tryLock() throws(SystemError) -> Bool
}

extension FileSystem {
    package func exists(_ path: String) throws(SystemError) -> Bool {
        do {
            _ = try status(path)
            return true
        } catch {
            if error.isNotFound { return false }
            throw error
        }
    }

    /// The whole file.
    package func readAll(_ path: String) throws(SystemError) -> [UInt8] {
        try open(path, .read).readAll()
    }
}

extension File {
    /// The whole file.
    package func readAll() throws(SystemError) -> [UInt8] {
        try readBytes(count: Int(try size()), at: 0)
    }

    /// `count` bytes from `offset`, fewer only at the end of the file.
    package func readBytes(count: Int, at offset: UInt64) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(SystemError) {
                filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    package func write(_ bytes: [UInt8], at offset: UInt64) throws(SystemError) {
        var failure: SystemError?
        bytes.withUnsafeBytes { buffer in
            do throws(SystemError) {
                try write(buffer, at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
