import Glibc
import SpillwayPlatform

/// The operating system as one process on a ``SimulatedMachine`` sees it.
package struct SimulatedSystem: System {
    let machine: SimulatedMachine
    let process: Int

    package func monotonicUs() -> Int64 { machine.state.withLock { $0.monotonicUs } }
    /// What a simulated machine does takes no processor.
    package func threadProcessorNs() -> Int64 { 0 }
    package func wallMs() -> Int64 { machine.state.withLock { $0.wallMs } }
    package func randomWord() -> UInt64 { machine.state.withLock { $0.random.next() } }

    /// The same in every run, whatever runs it.
    package var processName: String { "process \(process) (simulation)" }

    package func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
        let demand: SimulatedFaults.Demand =
            switch mode {
            case .read, .write: .file
            case .create, .createIfAbsent: .fileAndSpace
            }
        return try call("open", path, demand) { (state) throws(SimulatedDisk.Failure) in
            let inode = try state.open(path, mode)
            defer { state.nextOpenFile += 1 }
            return SimulatedFile(system: self, path: path, inode: inode, number: state.nextOpenFile)
        }
    }

    /// In an order of its own each time, as no order is promised.
    package func list(_ directory: String) throws(SystemError) -> [String] {
        try call("readdir", directory, .file) { (state) throws(SimulatedDisk.Failure) in
            state.disk.names(in: try state.disk.directory(at: directory)).shuffled(using: &state.random)
        }
    }

    package func status(_ path: String) throws(SystemError) -> FileStatus {
        try call("stat", path, .nothing) { (state) throws(SimulatedDisk.Failure) in
            state.disk.status(try state.disk.inode(at: path))
        }
    }

    package func createDirectory(_ path: String) throws(SystemError) {
        try call("mkdir", path, .space) { (state) throws(SimulatedDisk.Failure) in
            try state.disk.createDirectory(path, nowMs: state.wallMs)
        }
    }

    package func syncDirectory(_ path: String) throws(SystemError) {
        let directory = try call("open", path, .file) { (state) throws(SimulatedDisk.Failure) in
            try state.disk.directory(at: path)
        }
        try call("fsync", path, .durability) { (state) throws(SimulatedDisk.Failure) in
            state.disk.syncDirectory(directory)
        }
    }

    package func rename(_ source: String, to target: String) throws(SystemError) {
        try call("rename", target, .space) { (state) throws(SimulatedDisk.Failure) in
            try state.disk.rename(source, to: target)
        }
    }

    package func link(_ source: String, to target: String) throws(SystemError) {
        try call("link", target, .space) { (state) throws(SimulatedDisk.Failure) in
            try state.disk.link(source, to: target)
        }
    }

    package func remove(_ path: String) throws(SystemError) {
        try call("unlink", path, .nothing) { (state) throws(SimulatedDisk.Failure) in try state.disk.unlink(path) }
    }

    private func call<Result: Sendable>(
        _ name: StaticString, _ path: String, _ demand: SimulatedFaults.Demand,
        _ body: (inout SimulatedMachine.State) throws(SimulatedDisk.Failure) -> Result
    ) throws(SystemError) -> Result {
        try machine.state.withLock { (state) throws(SystemError) in
            try state.call(name, path, by: process, demand, body: body)
        }
    }
}

extension SimulatedMachine.State {
    fileprivate mutating func open(_ path: String, _ mode: OpenMode) throws(SimulatedDisk.Failure) -> Int {
        var found: Int?
        do throws(SimulatedDisk.Failure) {
            found = try disk.inode(at: path)
        } catch {
            guard error.code == ENOENT, mode == .create || mode == .createIfAbsent else { throw error }
        }
        guard let found else { return try disk.createFile(path, nowMs: wallMs, &random) }
        if mode == .create { throw SimulatedDisk.Failure(EEXIST) }
        if mode != .read, disk.status(found).isDirectory { throw SimulatedDisk.Failure(EISDIR) }
        return found
    }
}
