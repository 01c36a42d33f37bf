import SpillwayPlatform

/// The operating system, with a watcher that sees every call to open, rename or sync a directory before it is made,
/// and can make it fail.
final class WatchedSystem: System {
    typealias Watcher = @Sendable (_ call: String, _ path: String) -> Int32?

    private let real = PosixSystem()
    private let watcher: Watcher
    private let opened = Monitor<[String]>([])

    init(_ watcher: @escaping Watcher = { _, _ in nil }) { self.watcher = watcher }

    /// Files that were opened for reading, in order.
    var readPaths: [String] { opened.withLock { $0 } }

    private func watch(_ call: String, _ path: String) throws(SystemError) {
        if let code = watcher(call, path) { throw SystemError(call: call, path: path, code: code) }
    }

    func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
        try watch("open", path)
        if case .read = mode { opened.withLock { $0.append(path) } }
        return try real.open(path, mode)
    }

    func rename(_ source: String, to target: String) throws(SystemError) {
        try watch("rename", target)
        try real.rename(source, to: target)
    }

    func syncDirectory(_ path: String) throws(SystemError) {
        try watch("fsync", path)
        try real.syncDirectory(path)
    }

    func list(_ directory: String) throws(SystemError) -> [String] { try real.list(directory) }
    func status(_ path: String) throws(SystemError) -> FileStatus { try real.status(path) }
    func createDirectory(_ path: String) throws(SystemError) { try real.createDirectory(path) }
    func link(_ source: String, to target: String) throws(SystemError) { try real.link(source, to: target) }
    func remove(_ path: String) throws(SystemError) { try real.remove(path) }
    func monotonicUs() -> Int64 { real.monotonicUs() }
    func threadProcessorNs() -> Int64 { real.threadProcessorNs() }
    func wallMs() -> Int64 { real.wallMs() }
    func randomWord() -> UInt64 { real.randomWord() }
}
