import Foundation
import Glibc

/// A run of the program that this package builds, to be killed at will. Used by one thread.
///
/// Not Foundation's `Process`, which reaps its children by itself: a kill could hit whoever has the number by then.
final class ChildProcess {
    enum Ending: Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    let id: pid_t
    private let output: Int32
    private let errors: Int32
    private var unread: [UInt8] = []
    private var ending: Ending?

    init(_ arguments: [String]) throws {
        let (output, errors) = (try Self.pipe(), try Self.pipe())
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output.writing, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.writing, STDERR_FILENO)
        let program = try Self.program()
        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        var id = pid_t()
        let code = withCStrings([program] + arguments) { arguments in
            withCStrings(environment) { posix_spawn(&id, program, &actions, nil, arguments, $0) }
        }
        close(output.writing)
        close(errors.writing)
        self.id = id
        (self.output, self.errors) = (output.reading, errors.reading)
        guard code == 0 else {
            ending = .exited(code)
            throw CrashFinding("\(program) cannot be started: \(String(cString: strerror(code)))")
        }
    }

    deinit {
        if ending == nil {
            kill()
            _ = wait()
        }
        close(output)
        close(errors)
    }

    /// The next line on standard error, without its end; nil once there are no more. Waits for it.
    func nextErrorLine() -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread.removeFirst(end + 1) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            guard let bytes = Self.read(errors) else {
                defer { unread = [] }
                return unread.isEmpty ? nil : String(decoding: unread, as: UTF8.self)
            }
            unread += bytes
        }
    }

    /// Standard output from where it was read to, to its end. Read standard error to its end first: a child that
    /// fills one pipe while the other is read stands still.
    func readOutput() -> String {
        var text: [UInt8] = []
        while let bytes = Self.read(output) { text += bytes }
        return String(decoding: text, as: UTF8.self)
    }

    /// Ends the process where it stands. Until ``wait()`` its number is its own, ended or not.
    func kill() {
        precondition(ending == nil, "a process that was waited for has no number")
        Glibc.kill(id, SIGKILL)
    }

    func wait() -> Ending {
        if let ending { return ending }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        let ending = signal == 0 ? Ending.exited(status >> 8 & 0xff) : .killed(signal: signal)
        self.ending = ending
        return ending
    }

    private static func program() throws -> String {
        guard let directory = Bundle.main.executableURL?.deletingLastPathComponent() else {
            throw CrashFinding("this test cannot tell where it was built")
        }
        return directory.appendingPathComponent("spillway").path
    }

    /// A pair of sockets, which unlike a pipe's ends can be kept from the test process's other children from the
    /// first moment on: a child that inherited the writing end would keep it from ever ending.
    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw CrashFinding("no pipe can be made: \(String(cString: strerror(errno)))")
        }
        return (ends[0], ends[1])
    }

    /// Nil at the end.
    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &bytes, bytes.count)
            if count > 0 { return Array(bytes[..<count]) }
            if count == 0 || errno != EINTR { return nil }
        }
    }
}

/// Runs `body` with the strings as C has them, ended by a null pointer.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(&pointers)
}
