import Glibc
import SpillwayPlatform

/// Files in memory. Time and chance are the same in every run.
package final class MemorySystem: System {
    private struct State {
        var files: [String: MemoryFile]
        var directories: Set<String>
        var words: UInt64 = 0
    }
    private let state: Monitor<State>

    /// - Parameter files: contents by path; their directories are there too.
    package init(_ files: [String: [UInt8]] = [:], directories: Set<String> = []) {
        var all = directories
        for path in files.keys { all.formUnion(Self.ancestors(of: path)) }
        let files = files.map { ($0, MemoryFile(path: $0, $1)) }
        state = Monitor(State(files: Dictionary(uniqueKeysWithValues: files), directories: all.union(["/"])))
    }

    package var contents: [String: [UInt8]] { state.withLock { $0.files.mapValues(\.bytes) } }
    package var directories: Set<String> { state.withLock { $0.directories } }

    private static func ancestors(of path: String) -> [String] {
        path.indices.filter { path[$0] == "/" && $0 != path.startIndex }.map { String(path[..<$0]) }
    }

    package func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
        try state.withLock { (state) throws(SystemError) in
            if let file = state.files[path] {
                if mode == .create { throw SystemError(call: "open", path: path, code: EEXIST) }
                // Under the name that it has now.
                return MemoryFile(path: path, file)
            }
            guard mode == .create || mode == .createIfAbsent else {
                throw SystemError(call: "open", path: path, code: ENOENT)
            }
            let file = MemoryFile(path: path, [])
            state.files[path] = file
            return file
        }
    }

    package func list(_ directory: String) throws(SystemError) -> [String] {
        try state.withLock { (state) throws(SystemError) in
            guard state.directories.contains(directory) else {
                throw SystemError(call: "opendir", path: directory, code: ENOENT)
            }
            let prefix = directory + "/"
            let paths = Array(state.files.keys) + Array(state.directories)
            let names = paths.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
            return names.filter { !$0.isEmpty && !$0.contains("/") }.map(String.init).sorted()
        }
    }

    package func status(_ path: String) throws(SystemError) -> FileStatus {
        try state.withLock { (state) throws(SystemError) in
            if let file = state.files[path] {
                return FileStatus(size: file.size(), isDirectory: false, modifiedAtMs: 0)
            }
            guard state.directories.contains(path) else { throw SystemError(call: "stat", path: path, code: ENOENT) }
            return FileStatus(size: 0, isDirectory: true, modifiedAtMs: 0)
        }
    }

    package func createDirectory(_ path: String) throws(SystemError) {
        let isNew = state.withLock { $0.directories.insert(path).inserted }
        if !isNew { throw SystemError(call: "mkdir", path: path, code: EEXIST) }
    }

    package func syncDirectory(_ path: String) {}

    package func rename(_ source: String, to target: String) throws(SystemError) {
        try link(source, to: target, replacing: true)
        try remove(source)
    }

    package func link(_ source: String, to target: String) throws(SystemError) {
        try link(source, to: target, replacing: false)
    }

    private func link(_ source: String, to target: String, replacing: Bool) throws(SystemError) {
        try state.withLock { (state) throws(SystemError) in
            guard let file = state.files[source] else { throw SystemError(call: "link", path: target, code: ENOENT) }
            if !replacing, state.files[target] != nil {
                throw SystemError(call: "link", path: target, code: EEXIST)
            }
            state.files[target] = file
        }
    }

    package func remove(_ path: String) throws(SystemError) {
        let file = state.withLock { $0.files.removeValue(forKey: path) }
        if file == nil { throw SystemError(call: "unlink", path: path, code: ENOENT) }
    }

    package func monotonicUs() -> Int64 { 0 }
    package func threadProcessorNs() -> Int64 { 0 }
    package func wallMs() -> Int64 { 1_633_361_000_000 }

    package func randomWord() -> UInt64 {
        state.withLock { state in
            state.words += 1
            return state.words &* 0x9e37_79b9_7f4a_7c15
        }
    }
}

/// Bytes as a file.
package final class MemoryFile: File {
    package let path: String
    private let content: Monitor<[UInt8]>

    package init(path: String, _ bytes: [UInt8]) {
        self.path = path
        content = Monitor(bytes)
    }

    /// Another name of the same content.
    fileprivate init(path: String, _ other: MemoryFile) {
        self.path = path
        content = other.content
    }

    package var bytes: [UInt8] { content.withLock { $0 } }

    package func size() -> UInt64 { content.withLock { UInt64($0.count) } }

    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) -> Int {
        // Not under the lock: a buffer may not be sent through it.
        let bytes = bytes
        guard offset < UInt64(bytes.count) else { return 0 }
        let part = bytes[Int(offset)...].prefix(buffer.count)
        buffer.copyBytes(from: part)
        return part.count
    }

    package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        // As a file system's limit is: what is written here follows what was there.
        guard offset <= 1 << 30 else { throw SystemError(call: "pwrite", path: path, code: EFBIG) }
        let (start, bytes) = (Int(offset), [UInt8](bytes))
        content.withLock { content in
            let missing = max(0, start + bytes.count - content.count)
            content.append(contentsOf: repeatElement(0, count: missing))
            content.replaceSubrange(start..<start + bytes.count, with: bytes)
        }
    }

    package func truncate(to size: UInt64) {
        content.withLock { content in
            let count = Int(clamping: size)
            if count < content.count { content.removeLast(content.count - count) }
        }
    }

    package func sync() {}
    package func tryLock() -> Bool { true }
}
