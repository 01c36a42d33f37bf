import SpillwayModel
import SpillwayPlatform

extension Store {
    /// A store that is open for writing, and what was in it.
    package struct Opened {
        package var store: Store
        package var view: StoreView
    }

    /// Opens the store at `path`, or makes one in a new or empty directory, and recovers what a crash left: a torn
    /// tail is cut off, open segments are sealed, sealed ones that the log does not know yet are entered. What the
    /// view holds is durable when this returns.
    ///
    /// - Throws: ``StoreError``; nothing is changed if the directory is no store or another process writes it.
    package static func open(_ path: String, system: any System) throws(StoreError) -> Opened {
        let layout = StoreLayout(root: path)
        return try asStoreError(path) {
            try prepareDirectory(layout, system)
            let lock = try takeLock(layout, system)
            if try !system.exists(layout.metadata) {
                try createDirectories(layout, system)
                try StoreMetadata.random(system).write(layout: layout, system: system)
            }
            try syncNames(layout, system)
            let metadata = try StoreMetadata.read(layout: layout, system: system)
            let log = DeltaLog(layout: layout, system: system)
            let view = try StoreView(layout: layout, system: system)
            let logState = view.logState.version < 0 ? try log.create(id: metadata.id) : view.logState
            let store = Store(
                layout: layout, metadata: metadata, system: system, log: log, logState: logState,
                lock: lock, view: view)
            try store.recover(view)
            if try Erasure.resume(layout, system) {
                store.contents.requireRefresh()
                return Opened(store: store, view: try StoreView(layout: layout, system: system))
            }
            return Opened(store: store, view: view)
        }
    }

    /// Makes sure of a directory that is a store, or can become one.
    private static func prepareDirectory(_ layout: StoreLayout, _ system: any System) throws {
        if try system.exists(layout.root) {
            guard try system.status(layout.root).isDirectory else {
                throw StoreError.notAStore(path: layout.root)
            }
            if try system.exists(layout.metadata) { return }
            // What a crash leaves of a store in the making may be there, and nothing else.
            let names = try system.list(layout.root)
            guard names.allSatisfy({ ["_spillway", "_delta_log"].contains($0) }) else {
                throw StoreError.notAStore(path: layout.root)
            }
        } else {
            try createIfAbsent(layout.root, system)
        }
        try createIfAbsent(layout.hidden, system)
    }

    private static func takeLock(_ layout: StoreLayout, _ system: any System) throws -> LockFile {
        switch try LockFile.take(layout.lock, system) {
        case .taken(let lock): return lock
        case .held(let holder): throw StoreError.inUse(path: layout.root, holder: holder)
        }
    }

    private static func createDirectories(_ layout: StoreLayout, _ system: any System) throws {
        for directory in [layout.hidden, layout.open, layout.journal, layout.log] {
            try createIfAbsent(directory, system)
        }
        for directory in [layout.hidden, layout.root] { try system.syncDirectory(directory) }
        try system.syncDirectory(layout.parent)
    }

    private static func createIfAbsent(_ directory: String, _ system: any System) throws {
        do {
            try system.createDirectory(directory)
        } catch  where error.alreadyExists {}
    }

    /// A process that was killed may have left names that are to be seen, but not yet durable: what is built on them
    /// must not outlive them.
    private static func syncNames(_ layout: StoreLayout, _ system: any System) throws {
        for directory in [layout.hidden, layout.open, layout.journal, layout.log, layout.root] {
            try system.syncDirectory(directory)
        }
    }

    /// Brings the files to where an orderly end would have left them. Doing it twice changes nothing more, so a
    /// crash in the middle is harmless.
    private func recover(_ view: StoreView) throws {
        for path in view.journalPaths {
            let file = try system.open(path, .write)
            try file.rewrite(0..<file.size())
            try file.sync()
        }
        for segment in view.unlogged { try recover(unlogged: segment) }
        for segment in view.open { try recover(open: segment) }
        for path in view.stalePaths { try system.remove(path) }
    }

    private func recover(unlogged segment: StoredSegment) throws {
        try enter(
            SealedSegment(
                name: segment.name, size: try segment.openFile().size(), lastEpoch: segment.lastEpoch,
                statistics: SegmentStatistics(segment.rowGroups)))
    }

    private func recover(open segment: StoredSegment) throws {
        let path = layout.open(segment.name)
        if segment.rowGroups.isEmpty { return try system.remove(path) }
        let file = try system.open(path, .write)
        try file.rewrite(segment.durableEnd..<segment.end)
        try file.truncate(to: segment.end)
        try SegmentFooter(
            rowGroups: segment.rowGroups, lastEpoch: segment.lastEpoch, rollup: try segment.loadRollup(),
            outcomes: try segment.loadOutcomes()
        ).write(to: file, at: segment.end)
        try enter(
            SealedSegment(
                name: segment.name, size: try file.size(), lastEpoch: segment.lastEpoch,
                statistics: SegmentStatistics(segment.rowGroups)))
    }
}
