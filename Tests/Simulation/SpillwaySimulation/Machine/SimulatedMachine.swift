import Glibc
import SpillwayPlatform
import SpillwayTestSupport

/// A machine with a disk, clocks and chance, on which processes run, are killed, and lose their power. All that
/// happens follows from its seed and from the calls that are made.
package final class SimulatedMachine: Sendable {
    struct State {
        var disk = SimulatedDisk()
        var faults = SimulatedFaults()
        var random: SplitMix64
        /// Processes that run.
        var processes: Set<Int> = []
        var nextProcess = 1
        var nextOpenFile = 1
        /// The open file that holds each locked inode, and its process.
        var locks: [Int: (openFile: Int, process: Int)] = [:]
        var monotonicUs: Int64 = 1_000_000
        var wallMs: Int64 = 1_633_305_600_000
        var callCount = 0
        /// Syncs that failed, by process.
        var failedSyncs: [Int: Int] = [:]
        /// A digest of all calls and what became of them.
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        var log: (@Sendable (String) -> Void)?
    }
    let state: Monitor<State>

    package init(seed: UInt64) { state = Monitor(State(random: SplitMix64(seed: seed))) }

    /// A machine that goes on from where `other` is, with chance of its own.
    package init(copyOf other: SimulatedMachine, seed: UInt64) {
        state = Monitor(other.state.withLock { $0 })
        state.withLock { $0.random = SplitMix64(seed: seed) }
    }

    /// A new process.
    package func start() -> SimulatedSystem {
        state.withLock { state in
            defer { state.nextProcess += 1 }
            state.processes.insert(state.nextProcess)
            return SimulatedSystem(machine: self, process: state.nextProcess)
        }
    }

    /// Ends a process: its calls fail from now on and its locks are free; what it wrote is there.
    package func kill(_ system: SimulatedSystem) {
        state.withLock { state in
            state.processes.remove(system.process)
            state.locks = state.locks.filter { $0.value.process != system.process }
        }
    }

    /// Ends every process, and leaves on the disk what was synced, and of the rest what chance will.
    package func losePower() {
        state.withLock { state in
            state.processes = []
            state.locks = [:]
            state.disk.losePower(&state.random)
        }
    }

    package func isRunning(_ system: SimulatedSystem) -> Bool {
        state.withLock { $0.processes.contains(system.process) }
    }

    package var faults: SimulatedFaults {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }

    /// Calls made so far, those that failed among them.
    package var callCount: Int { state.withLock { $0.callCount } }
    /// Syncs of files and directories that failed in a process.
    package func failedSyncCount(of system: SimulatedSystem) -> Int {
        state.withLock { $0.failedSyncs[system.process] ?? 0 }
    }
    /// The same in all processes.
    package var failedSyncCount: Int { state.withLock { $0.failedSyncs.values.reduce(0, +) } }
    /// A digest of all calls and what became of them: equal for equal runs.
    package var digest: UInt64 { state.withLock { $0.digest } }

    /// A digest of all that is on the disk, names and contents: equal for equal runs.
    package var diskDigest: UInt64 { state.withLock { $0.disk.digest } }

    /// Has each call told to `log`, in a line.
    package func logCalls(to log: (@Sendable (String) -> Void)?) { state.withLock { $0.log = log } }

    package func advance(us: Int64) {
        state.withLock { state in
            state.monotonicUs += us
            state.wallMs += us / 1000
        }
    }

    /// Sets the time of day on or back; the monotonic clock does not notice.
    package func jumpWallClock(ms: Int64) { state.withLock { $0.wallMs += ms } }
}

extension SimulatedMachine.State {
    /// A call: decides whether it fails, performs it, and takes note of it.
    mutating func call<Result: Sendable>(
        _ name: StaticString, _ path: String, by process: Int, _ demand: SimulatedFaults.Demand,
        _ arguments: (Int, Int) = (0, 0),
        onFailure: (inout SimulatedMachine.State, _ isDeath: Bool) -> Void = { _, _ in },
        body: (inout SimulatedMachine.State) throws(SimulatedDisk.Failure) -> Result
    ) throws(SystemError) -> Result {
        callCount += 1
        var code: Int32 = 0
        defer { note(name, path, arguments, code) }
        do throws(SimulatedDisk.Failure) {
            guard processes.contains(process) else { throw SimulatedDisk.Failure(EIO) }
            if callCount == faults.deathAtCall {
                onFailure(&self, true)
                processes = []
                locks = [:]
                throw SimulatedDisk.Failure(EIO)
            }
            if let failure = faults.failure(ofCall: callCount, demand: demand, &random) {
                if demand == .durability { failedSyncs[process, default: 0] += 1 }
                onFailure(&self, false)
                throw SimulatedDisk.Failure(failure)
            }
            return try body(&self)
        } catch {
            code = error.code
            throw SystemError(call: "\(name)", path: path, code: code)
        }
    }

    private mutating func note(_ name: StaticString, _ path: String, _ arguments: (Int, Int), _ code: Int32) {
        for word in [name.utf8CodeUnitCount, arguments.0, arguments.1, Int(code)] {
            digest = fnv1a(digest, UInt64(truncatingIfNeeded: word))
        }
        for byte in path.utf8 { digest = fnv1a(digest, UInt64(byte)) }
        if let log {
            let failure = code == 0 ? "" : ": " + String(cString: strerror(code))
            log("#\(callCount) \(name) \(path) \(arguments.0) \(arguments.1)\(failure)")
        }
    }
}

/// A step of the FNV-1a hash.
func fnv1a(_ digest: UInt64, _ word: UInt64) -> UInt64 { (digest ^ word) &* 0x100_0000_01b3 }
