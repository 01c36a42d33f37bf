import SpillwayPlatform

/// A lock that one open file has, and so one process at most, and that names its holder. It goes with the value, or
/// with the process.
struct LockFile {
    private let file: any File

    enum Attempt {
        case taken(LockFile)
        /// Somebody else has it; the name is what is known of them.
        case held(by: String)
    }

    /// Takes the lock at `path` if nobody has it.
    static func take(_ path: String, _ system: any System) throws -> Attempt {
        let file = try system.open(path, .createIfAbsent)
        guard try file.tryLock() else {
            let holder = String(decoding: try file.readAll(), as: UTF8.self)
            return .held(by: holder.isEmpty ? "another process" : holder)
        }
        try file.truncate(to: 0)
        try file.write(Array(system.processName.utf8), at: 0)
        return .taken(LockFile(file: file))
    }
}
