import SpillwayPlatform

/// The right to put a store's sealed segments in order, which one process at a time has, beside the one that writes:
/// compaction, vacuum and erasure. It goes with the value.
struct Maintenance {
    let layout: StoreLayout
    let system: any System
    let log: DeltaLog
    private let lock: LockFile

    /// - Throws: ``StoreError/underMaintenance(path:holder:)`` if somebody else has it.
    init(_ layout: StoreLayout, _ system: any System) throws {
        try layout.requireStore(system)
        switch try LockFile.take(layout.maintenanceLock, system) {
        case .taken(let lock): self.lock = lock
        case .held(let holder): throw StoreError.underMaintenance(path: layout.root, holder: holder)
        }
        self.layout = layout
        self.system = system
        log = DeltaLog(layout: layout, system: system)
    }

    /// What there is of data files that are not in the table.
    struct Strays {
        /// Merged segments that never entered it. Nobody but who maintains the store makes one, so they are what a
        /// crash left.
        var leftovers: [String] = []
        /// Segments that were taken out of it, with the time in milliseconds since 1970.
        var removed: [(path: String, atMs: Int64)] = []
        /// Segments that were taken out of it so long ago that the log has forgotten.
        var forgotten: [String] = []
    }

    /// Looks for data files that are not in the table, leaving out a segment that its writer has sealed and not
    /// entered yet.
    func strays() throws -> Strays {
        var strays = Strays()
        strays.leftovers = try unfinished()
        // Names first: what is entered meanwhile is live by the time the log is read.
        let names = try system.list(layout.root).compactMap(SegmentName.init(fileName:))
        let state = try log.load()
        for name in names where state.live[name.description] == nil {
            let path = layout.sealed(name)
            if let tombstone = state.removed[name.description] {
                strays.removed.append((path, tombstone.deletionTimestamp ?? 0))
            } else if name.kind == .merged {
                strays.leftovers.append(path)
            } else {
                let segment = try StoredSegment(sealed: name, layout: layout, system: system)
                if segment.lastEpoch.number <= state.lastEpochNumber { strays.forgotten.append(path) }
            }
        }
        return strays
    }

    private func unfinished() throws -> [String] {
        guard try system.exists(layout.compaction) else { return [] }
        return try system.list(layout.compaction).compactMap(SegmentName.init(fileName:)).filter { $0.kind == .merged }
            .map { layout.compaction($0) }
    }

    /// Deletes what a crash left of earlier work.
    func removeLeftovers() throws {
        for path in try strays().leftovers { try system.remove(path) }
    }

    /// Deletes data files that the log says are not in the table: it had better still say so after a loss of power.
    func remove(_ paths: [String]) throws {
        try system.syncDirectory(layout.log)
        for path in paths { try system.remove(path) }
        try system.syncDirectory(layout.root)
    }
}
