import CSpillwayPlatform
import Glibc

/// A signal that asks a program to end.
package enum Signal: Sendable, CaseIterable {
    /// What Ctrl-C sends.
    case interrupt
    /// What service managers and `kill` send.
    case terminate

    package var number: Int32 {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        }
    }

    /// Runs `body`. The first signal that the process gets meanwhile is told to `onSignal`, on a thread of its own, instead
    /// of ending the process; any further one ends it at once. Signals that the process ignores stay ignored.
    ///
    /// - Precondition: Not called while it runs.
    /// - Throws: ``SystemError`` if signals cannot be watched, or what `body` throws.
    package static func watching<Result>(
        _ onSignal: @escaping @Sendable (Signal) -> Void, while body: () throws -> Result
    ) throws -> Result {
        let pipe = try Pipe()
        guard spillway_watch_signals(allCases.map(\.number), allCases.count, pipe.writer) == 0 else {
            throw SystemError(call: "sigaction", path: "this process")
        }
        let watcher = WorkerThread {
            unblock()
            guard let first = pipe.readSignal() else { return }
            onSignal(first)
            if let second = pipe.readSignal() { _exit(128 + second.number) }
        }
        let result = Swift.Result { try body() }
        spillway_unwatch_signals()
        pipe.write(Self.none)
        watcher.join()
        return try result.get()
    }

    /// Lets signals come to this thread, though whoever started the process may keep them from all of its threads.
    private static func unblock() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in allCases { sigaddset(&signals, signal.number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// No signal has this number: the watcher may go.
    fileprivate static let none: UInt8 = 0
}

/// Bytes from a signal handler to a thread.
private final class Pipe: Sendable {
    private let reader: Int32
    let writer: Int32

    init() throws(SystemError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SystemError(call: "pipe", path: "this process") }
        (reader, writer) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        close(reader)
        close(writer)
    }

    func write(_ byte: UInt8) {
        var byte = byte
        while Glibc.write(writer, &byte, 1) < 0, errno == EINTR {}
    }

    /// Waits for a signal; nil if there will be none.
    func readSignal() -> Signal? {
        var byte = Signal.none
        while Glibc.read(reader, &byte, 1) < 0, errno == EINTR {}
        return Signal.allCases.first { $0.number == Int32(byte) }
    }
}
