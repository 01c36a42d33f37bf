import Glibc
import SpillwayPlatform

/// A file that a process on a ``SimulatedMachine`` has open.
final class SimulatedFile: File {
    let path: String
    private let system: SimulatedSystem
    private let inode: Int
    /// Number of the open file: what a lock belongs to.
    private let number: Int

    init(system: SimulatedSystem, path: String, inode: Int, number: Int) {
        self.system = system
        self.path = path
        self.inode = inode
        self.number = number
    }

    deinit {
        system.machine.state.withLock { state in
            if state.locks[inode]?.openFile == number { state.locks[inode] = nil }
        }
    }

    func size() throws(SystemError) -> UInt64 {
        try call("fstat", { _ in .nothing }) { (state) throws(SimulatedDisk.Failure) in
            UInt64(try state.disk.content(of: inode).cached.count)
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) -> Int {
        try call("pread", { _ in .nothing }, (Int(clamping: offset), buffer.count)) {
            (state) throws(SimulatedDisk.Failure) in
            let content = try state.disk.content(of: inode).cached
            guard let start = Int(exactly: offset) else { throw SimulatedDisk.Failure(EINVAL) }
            guard start < content.count else { return 0 }
            let part = content[start..<min(content.count, start + min(buffer.count, content.count - start))]
            buffer.copyBytes(from: part)
            return part.count
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        guard let start = Int(exactly: offset), start <= Int.max - bytes.count else {
            throw SystemError(call: "pwrite", path: path, code: EFBIG)
        }
        try call(
            "pwrite", { $0.disk.mustGrow(inode, for: bytes.count, at: start) ? .space : .nothing },
            (start, bytes.count),
            onFailure: { state, _ in
                // A part of the bytes is there all the same.
                let count = Int.random(in: 0...bytes.count, using: &state.random)
                let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
                try? state.disk.write(part, to: inode, at: start, nowMs: state.wallMs)
            }
        ) { (state) throws(SimulatedDisk.Failure) in
            try state.disk.write(bytes, to: inode, at: start, nowMs: state.wallMs)
        }
    }

    func sync() throws(SystemError) {
        try call(
            "fdatasync", { _ in .durability },
            onFailure: { state, isDeath in
                if !isDeath { state.disk.failSync(inode, &state.random) }
            }
        ) { (state) throws(SimulatedDisk.Failure) in
            state.disk.sync(inode)
        }
    }

    func truncate(to size: UInt64) throws(SystemError) {
        try call("ftruncate", { _ in .nothing }, (Int(clamping: size), 0)) { (state) throws(SimulatedDisk.Failure) in
            guard let size = Int(exactly: size) else { throw SimulatedDisk.Failure(EINVAL) }
            try state.disk.truncate(inode, to: size, nowMs: state.wallMs)
        }
    }

    func tryLock() throws(SystemError) -> Bool {
        try call("flock", { _ in .nothing }) { (state) throws(SimulatedDisk.Failure) in
            if let holder = state.locks[inode] { return holder.openFile == number }
            state.locks[inode] = (number, system.process)
            return true
        }
    }

    private func call<Result: Sendable>(
        _ name: StaticString, _ demand: (SimulatedMachine.State) -> SimulatedFaults.Demand,
        _ arguments: (Int, Int) = (0, 0),
        onFailure: (inout SimulatedMachine.State, _ isDeath: Bool) -> Void = { _, _ in },
        _ body: (inout SimulatedMachine.State) throws(SimulatedDisk.Failure) -> Result
    ) throws(SystemError) -> Result {
        try system.machine.state.withLock { (state) throws(SystemError) in
            try state.call(
                name, path, by: system.process, demand(state), arguments, onFailure: onFailure,
                body: body)
        }
    }
}
