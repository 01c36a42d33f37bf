import SpillwayPlatform
import SpillwayTestSupport

/// The system's files, but the n-th sync of a file whose path contains a text fails, and so do all after it.
final class FailingSyncs: ForwardingSystem {
    let base = PosixSystem()
    private let remaining: Monitor<Int>
    private let part: String

    init(failing number: Int, of part: String) {
        remaining = Monitor(number)
        self.part = part
    }

    func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any SpillwayPlatform.File {
        let file = try base.open(path, mode)
        return path.contains(part) ? FailingFile(file, remaining) : file
    }
}

private final class FailingFile: ForwardingFile {
    let file: any SpillwayPlatform.File
    private let remaining: Monitor<Int>

    init(_ file: any SpillwayPlatform.File, _ remaining: Monitor<Int>) {
        self.file = file
        self.remaining = remaining
    }

    func sync() throws(SystemError) {
        let fails = remaining.withLock { remaining in
            remaining -= 1
            return remaining <= 0
        }
        if fails { throw SystemError(call: "fdatasync", path: path, code: 5) }
        try file.sync()
    }
}
