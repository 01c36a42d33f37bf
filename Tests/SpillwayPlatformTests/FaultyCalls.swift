import Glibc
import SpillwayPlatform

/// The C library, with faults at chosen calls: the first calls of a name take the faults listed for it, one each.
final class FaultyCalls: SystemCalls {
    enum Fault: Sendable {
        /// Does nothing and returns this `errno`.
        case fail(Int32)
        /// Reads or writes at most so many bytes.
        case atMost(Int)
    }

    private struct State {
        var faults: [String: [Fault]]
        var counts: [String: Int] = [:]
    }
    private let state: Monitor<State>
    private let real = GlibcCalls()

    init(_ faults: [String: [Fault]]) { state = Monitor(State(faults: faults)) }

    /// How often the call was made.
    func count(of call: String) -> Int { state.withLock { $0.counts[call, default: 0] } }

    private func nextFault(_ call: String) -> Fault? {
        state.withLock { state in
            state.counts[call, default: 0] += 1
            guard let faults = state.faults[call], let first = faults.first else { return nil }
            state.faults[call] = Array(faults.dropFirst())
            return first
        }
    }

    private func perform(_ call: String, _ body: () -> CallResult) -> CallResult {
        if case .fail(let code)? = nextFault(call) { return .failure(code) }
        return body()
    }

    func pread(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ offset: off_t) -> CallResult {
        switch nextFault("pread") {
        case .fail(let code): .failure(code)
        case .atMost(let count): real.pread(descriptor, .init(rebasing: buffer.prefix(count)), offset)
        case nil: real.pread(descriptor, buffer, offset)
        }
    }

    func pwrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ offset: off_t) -> CallResult {
        switch nextFault("pwrite") {
        case .fail(let code): .failure(code)
        case .atMost(let count): real.pwrite(descriptor, .init(rebasing: bytes.prefix(count)), offset)
        case nil: real.pwrite(descriptor, bytes, offset)
        }
    }

    func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> CallResult {
        perform("open") { real.open(path, flags, mode) }
    }

    func close(_ descriptor: Int32) -> CallResult { perform("close") { real.close(descriptor) } }

    func ftruncate(_ descriptor: Int32, _ size: off_t) -> CallResult {
        perform("ftruncate") { real.ftruncate(descriptor, size) }
    }

    func fdatasync(_ descriptor: Int32) -> CallResult { perform("fdatasync") { real.fdatasync(descriptor) } }
    func fsync(_ descriptor: Int32) -> CallResult { perform("fsync") { real.fsync(descriptor) } }

    func flock(_ descriptor: Int32, _ operation: Int32) -> CallResult {
        perform("flock") { real.flock(descriptor, operation) }
    }

    func fstat(_ descriptor: Int32, _ status: inout stat) -> CallResult {
        if case .fail(let code)? = nextFault("fstat") { return .failure(code) }
        return real.fstat(descriptor, &status)
    }

    func stat(_ path: String, _ status: inout stat) -> CallResult {
        if case .fail(let code)? = nextFault("stat") { return .failure(code) }
        return real.stat(path, &status)
    }

    func mkdir(_ path: String, _ mode: mode_t) -> CallResult { perform("mkdir") { real.mkdir(path, mode) } }

    func rename(_ source: String, _ target: String) -> CallResult {
        perform("rename") { real.rename(source, target) }
    }

    func link(_ source: String, _ target: String) -> CallResult { perform("link") { real.link(source, target) } }
    func unlink(_ path: String) -> CallResult { perform("unlink") { real.unlink(path) } }

    func readdir(_ path: String, _ names: inout [String]) -> CallResult {
        if case .fail(let code)? = nextFault("readdir") { return .failure(code) }
        return real.readdir(path, &names)
    }
}
