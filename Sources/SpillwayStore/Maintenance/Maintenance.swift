import SpillwayPlatform

/// The right to put a store's sealed segments in order, which one process at a time has, beside the one that writes:
/// compaction, vacuum and erasure. It goes with the value.
final class Maintenance {
    let layout: StoreLayout
    let system: any System
    let log: DeltaLog
    /// Held, with its lock, for as long as the value is.
    private let lock: any File

    /// Takes the right, and clears away what a crash left of earlier work.
    ///
    /// - Throws: ``StoreError/underMaintenance(path:holder:)`` if somebody else has it.
    init(_ layout: StoreLayout, system: any System) throws {
        try layout.requireStore(system)
        self.layout = layout
        self.system = system
        log = DeltaLog(layout: layout, system: system)
        lock = try system.open(layout.maintenanceLock, .createIfAbsent)
        guard try lock.tryLock() else {
            let holder = String(decoding: try lock.readAll(), as: UTF8.self)
            throw StoreError.underMaintenance(path: layout.root, holder: holder.isEmpty ? "another process" : holder)
        }
        try lock.truncate(to: 0)
        try lock.write(Array("process \(Process.id) (\(Process.name))".utf8), at: 0)
        for file in try leftovers(log.load()) { try system.remove(file) }
    }

    /// Files of merged segments that never entered the table. Nobody works on one but who has the right, so they are
    /// what a crash left.
    func leftovers(_ state: DeltaLog.State) throws -> [String] {
        let unfinished = try namesOfUnfinished().map { "\(layout.compaction)/\($0)" }
        let unreferenced = try system.list(layout.root).compactMap(SegmentName.init(fileName:)).filter { name in
            name.kind == .merged && state.live[name.description] == nil && state.removed[name.description] == nil
        }
        return unfinished + unreferenced.map(layout.sealed)
    }

    private func namesOfUnfinished() throws -> [String] {
        do {
            return try system.list(layout.compaction)
        } catch  where error.isNotFound {
            return []
        }
    }
}
